using System.CommandLine;
using System.Net;
using Slipway.Up;

namespace Slipway.Commands;

/// <summary>Options that say who is to reach the page.</summary>
internal sealed class WebReachOptions
{
    private readonly Option<string?> _address = new("--web-address") { Description = "The address that the page listens on (default: 127.0.0.1); any but loopback needs --web-certificate", HelpName = "IP" };
    private readonly Option<string?> _certificate = new("--web-certificate") { Description = "The page's TLS certificate: PEM, with those above it", HelpName = "FILE" };
    private readonly Option<string?> _key = new("--web-key") { Description = "Its key: PEM (default: in the certificate's file)", HelpName = "FILE" };
    private readonly Option<string[]> _hosts = new("--web-host") { Description = "A name that the page is reached by, directly or through a proxy with TLS on this machine; may be given more than once", HelpName = "NAME" };
    private readonly Option<bool> _access = new("--web-access") { Description = "Let people sign in with a token of the cluster, and act with their own rights, on loopback too; always so with --web-address, --web-certificate and --web-host" };

    private readonly Option<bool>? _proxied;
    private readonly OidcCommandOptions _oidc;

    /// <param name="inCluster">For a page in a cluster, where a proxy with TLS, an Ingress or a Gateway, may be on another machine.</param>
    public WebReachOptions(bool inCluster = false)
    {
        // The API of this machine is told of the provider, too; a cluster's has been.
        _oidc = new OidcCommandOptions(page: true, api: !inCluster);
        if (inCluster) _proxied = new("--web-proxied") { Description = "A proxy with TLS (an Ingress, a Gateway) passes requests on: listen without TLS. Nobody else may be let reach the port" };
        _address.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !IPAddress.TryParse(text, out _)) result.AddError($"--web-address takes an IP address such as 0.0.0.0 or 192.0.2.10, not \"{text}\".");
        });
        _hosts.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(static t => t.Value).Where(static t => Uri.CheckHostName(t) is UriHostNameType.Unknown))
                result.AddError($"--web-host takes a name such as slipway.example.com, without scheme and port, not \"{text}\".");
        });
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option?[] { _address, _certificate, _key, _hosts, _proxied ?? (Option)_access }) command.Options.Add(option!);
        _oidc.AddTo(command);
    }

    public WebReach Read(ParseResult parse) => new()
    {
        Address = parse.GetValue(_address) is { } address ? IPAddress.Parse(address) : IPAddress.Loopback,
        Certificate = parse.GetValue(_certificate),
        Key = parse.GetValue(_key),
        Hosts = parse.GetValue(_hosts) ?? [],
        Access = _proxied is not null || parse.GetValue(_access),
        Oidc = _oidc.Read(parse),
        Proxied = _proxied is not null && parse.GetValue(_proxied),
    };
}
