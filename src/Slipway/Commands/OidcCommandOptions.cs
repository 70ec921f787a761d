using System.CommandLine;
using System.CommandLine.Parsing;
using Slipway.Up;
using Slipway.Web.Access.Oidc;

namespace Slipway.Commands;

/// <summary>Options that name an OpenID provider, by the words of kube-apiserver: for the API that accepts its tokens, for the page that sends people to it, or for both.</summary>
internal sealed class OidcCommandOptions
{
    private readonly Option<string?> _issuer = new("--oidc-issuer-url") { HelpName = "URL" };
    private readonly Option<string?> _client = new("--oidc-client-id") { HelpName = "ID" };
    private readonly Option<string?> _authority = new("--oidc-ca-file") { Description = "PEM certificates of the authorities that vouch for the provider (default: the machine's)", HelpName = "FILE" };
    private readonly Option<string?> _secret = new("--oidc-client-secret-file") { Description = "The secret of the page's client at the provider, read when it is needed (default: a public client)", HelpName = "FILE" };
    private readonly Option<string[]> _scopes = new("--oidc-scopes") { Description = "What the page asks the provider for (default: openid,profile,email); offline_access where refresh tokens take it", HelpName = "LIST" };
    private readonly Option<string?> _name = new("--oidc-username-claim") { Description = "The claim that is the user's name (default: sub)", HelpName = "CLAIM" };
    private readonly Option<string?> _namePrefix = new("--oidc-username-prefix") { Description = "What stands before it (default: the issuer and #, nothing before an email; - for nothing)", HelpName = "TEXT" };
    private readonly Option<string?> _groups = new("--oidc-groups-claim") { Description = "The claim that lists the user's groups (default: none)", HelpName = "CLAIM" };
    private readonly Option<string?> _groupsPrefix = new("--oidc-groups-prefix") { Description = "What stands before a group's name", HelpName = "TEXT" };
    private readonly Option<string[]> _required = new("--oidc-required-claim") { Description = "A claim that a token has to have; may be given more than once", HelpName = "NAME=VALUE" };
    private readonly Option[] _added;

    public OidcCommandOptions(bool page, bool api)
    {
        _issuer.Description = (page, api) switch
        {
            (true, true) => "An OpenID provider: the API accepts its tokens, and people sign in there. Its redirect address is the page's with /sign-in/oidc/back",
            (true, false) => "An OpenID provider at which people sign in, and whose tokens the cluster's API accepts. Its redirect address is the page's with /sign-in/oidc/back",
            _ => "An OpenID provider whose tokens are accepted, besides those of service accounts",
        };
        _client.Description = page ? "The page's client at the provider" : "The client that its tokens have to be for";
        Option[] shared = [_issuer, _client, _authority], ofPage = [_secret, _scopes], ofApi = [_name, _namePrefix, _groups, _groupsPrefix, _required];
        _added = [.. shared, .. page ? ofPage : [], .. api ? ofApi : []];
        _issuer.Validators.Add(static result =>
        {
            if (result.Tokens is [{ Value: var text }] && (!OidcOptions.IsSafe(text) || text.AsSpan().ContainsAny('?', '#'))) result.AddError($"--oidc-issuer-url takes the issuer as its tokens name it, such as https://login.example.com/realms/team (http on this machine only), not \"{text}\".");
        });
        _required.Validators.Add(static result =>
        {
            foreach (var text in result.Tokens.Select(static t => t.Value).Where(static t => t.IndexOf('=', StringComparison.Ordinal) <= 0)) result.AddError($"--oidc-required-claim takes NAME=VALUE, not \"{text}\".");
        });
    }

    public void AddTo(Command command)
    {
        foreach (var option in _added) command.Options.Add(option);
        command.Validators.Add(Check);
    }

    /// <returns>The provider; null where none is named.</returns>
    public OidcChoice? Read(ParseResult parse)
    {
        if (parse.GetValue(_issuer) is not { } issuer) return null;
        string? Of(Option<string?> option) => _added.Contains(option) ? parse.GetValue(option) : null;
        string[] Each(Option<string[]> option) => _added.Contains(option) ? parse.GetValue(option) ?? [] : [];
        return new OidcChoice(issuer, parse.GetValue(_client)!)
        {
            AuthorityFile = Of(_authority),
            SecretFile = Of(_secret),
            Scopes = [.. Each(_scopes).SelectMany(static s => s.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))],
            UsernameClaim = Of(_name),
            UsernamePrefix = Of(_namePrefix),
            GroupsClaim = Of(_groups),
            GroupsPrefix = Of(_groupsPrefix),
            RequiredClaims = Each(_required).Select(static r => r.Split('=', 2)).GroupBy(static r => r[0], StringComparer.Ordinal).ToDictionary(static r => r.Key, static r => r.Last()[1], StringComparer.Ordinal),
        };
    }

    private void Check(CommandResult result)
    {
        bool Given(Option option) => result.GetResult(option) is { Implicit: false };
        if (Given(_issuer) && !Given(_client)) result.AddError("--oidc-issuer-url needs --oidc-client-id: a provider's tokens for other programs are not meant for this one.");
        if (!Given(_issuer) && _added.Skip(1).FirstOrDefault(Given) is { } alone) result.AddError($"{alone.Name} says how to use an OpenID provider: name it, with --oidc-issuer-url URL.");
    }
}
