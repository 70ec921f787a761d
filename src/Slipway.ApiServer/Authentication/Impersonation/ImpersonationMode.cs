using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Authentication.Impersonation;

/// <summary>One way of being allowed to act as another: whom it is for and which rights it takes.</summary>
internal sealed class ImpersonationMode(string name, Func<WantedUser, UserInfo, bool> applies)
{
    private const string Verb = "impersonate", AuthenticationGroup = "authentication.k8s.io";

    // From so many on, the right to all is asked for before the rights to each.
    private const int Many = 4;

    private readonly string _verb = name.Length == 0 ? Verb : $"{Verb}:{name}";

    public static ImpersonationMode Plain { get; } = new("", (_, _) => true);

    /// <summary>Gets the constrained modes in the order in which they are asked.</summary>
    public static IReadOnlyList<ImpersonationMode> Constrained { get; } =
    [
        new("associated-node", (wanted, by) => wanted.IsNameOnly && Identities.Node(wanted.Name) is { } node && Identities.Account(by.Name) is not null &&
            by.Extra.TryGetValue(Identities.NodeName, out var own) && own is [var where] && where == node),
        new("arbitrary-node", (wanted, _) => wanted.IsNameOnly && Identities.Node(wanted.Name) is not null),
        new("serviceaccount", (wanted, _) => wanted.IsNameOnly && Identities.Account(wanted.Name) is not null),
        new("user-info", (wanted, _) => Identities.Node(wanted.Name) is null && Identities.Account(wanted.Name) is null),
    ];

    private bool IsConstrained => name.Length > 0;

    public bool Applies(WantedUser wanted, UserInfo requester) => applies(wanted, requester);

    /// <returns>The refusal, or <see langword="null"/> when the requester holds every right that it takes.</returns>
    public ApiException? Refuse(Authorizer authorizer, WantedUser wanted, in AccessRequest request)
    {
        if (IsConstrained && Ask(authorizer, request with { Verb = $"{Verb}-on:{name}:{request.Verb}" }) is { } on) return on;
        if (Ask(authorizer, Whom(wanted, request.User)) is { } user) return user;
        if (wanted.Uid.Length > 0 && Ask(authorizer, To(request.User, AuthenticationGroup, "uids", wanted.Uid)) is { } uid) return uid;
        return Groups(authorizer, wanted, request.User) ?? Extra(authorizer, wanted, request.User);
    }

    public UserInfo Become(WantedUser wanted)
    {
        List<string> groups = [.. wanted.Groups];
        if (IsConstrained && Identities.Node(wanted.Name) is not null) groups = [Identities.Nodes];
        else if (groups.Count == 0 && Identities.Account(wanted.Name) is { } account) groups = [.. Identities.AccountGroups(account.Namespace)];
        if (wanted.Name == Identities.Anonymous) Ensure(groups, Identities.Unauthenticated);
        else if (!groups.Contains(Identities.Unauthenticated)) Ensure(groups, Identities.Authenticated);
        return new(wanted.Name, groups) { Uid = wanted.Uid, Extra = wanted.Extra };
    }

    private static void Ensure(List<string> groups, string group)
    {
        if (!groups.Contains(group)) groups.Add(group);
    }

    private static ApiException? Ask(Authorizer authorizer, in AccessRequest request)
    {
        var decision = authorizer.Decide(request);
        return decision.Allowed ? null : Refusal.Of(request, decision.Reason);
    }

    private AccessRequest Whom(WantedUser wanted, UserInfo by)
    {
        var group = IsConstrained ? AuthenticationGroup : "";
        if (Identities.Account(wanted.Name) is var (place, account))
            return To(by, group, "serviceaccounts", account) with { Namespace = place };
        if (!IsConstrained || Identities.Node(wanted.Name) is not { } node) return To(by, group, "users", wanted.Name);
        // The associated node is whichever the requester runs on, so the right is not to one of them.
        return To(by, group, "nodes", name == "associated-node" ? "*" : node);
    }

    private ApiException? Groups(Authorizer authorizer, WantedUser wanted, UserInfo by)
    {
        if (wanted.Groups.Count == 0) return null;
        var group = IsConstrained ? AuthenticationGroup : "";
        if (IsConstrained)
        {
            if (wanted.Groups.Contains("")) return Refusal.Of(To(by, group, "groups", ""), "impersonating the empty string group is not allowed");
            if (wanted.Groups.Contains(Identities.Masters))
                return Refusal.Of(To(by, group, "groups", Identities.Masters), "impersonating the system:masters group is not allowed");
            if (wanted.Groups.Count >= Many && Ask(authorizer, To(by, group, "groups", "*")) is null) return null;
        }

        foreach (var one in wanted.Groups)
            if (Ask(authorizer, To(by, group, "groups", one)) is { } refused) return refused;
        return null;
    }

    private ApiException? Extra(Authorizer authorizer, WantedUser wanted, UserInfo by)
    {
        if (wanted.Extra.Count == 0) return null;
        var all = To(by, AuthenticationGroup, "userextras", "");
        if (IsConstrained)
        {
            if (Fault(wanted.Extra) is { } fault) return Refusal.Of(all, fault);
            if (wanted.Extra.Values.Sum(v => v.Count) >= Many && Ask(authorizer, all with { Subresource = "*", Name = "*" }) is null) return null;
        }

        foreach (var (key, values) in wanted.Extra)
            foreach (var value in values)
                if (Ask(authorizer, all with { Subresource = key, Name = value }) is { } refused) return refused;
        return null;
    }

    private static string? Fault(IReadOnlyDictionary<string, IReadOnlyList<string>> extra)
    {
        foreach (var (key, values) in extra)
        {
            if (key.Length == 0) return "impersonating the empty string key in extra is not allowed";
            var parts = key.Split('/', 2);
            if (parts.Length < 2 || parts[1].Length == 0 || Names.SubdomainFault(parts[0]) is not null)
                return $"impersonating an invalid key in extra is not allowed: extra.key: Invalid value: \"{key}\": must be a domain-prefixed path (such as \"acme.io/foo\")";
            if (values.Contains("")) return "impersonating the empty string value in extra is not allowed";
        }

        return null;
    }

    private AccessRequest To(UserInfo by, string group, string resource, string what) => AccessRequest.To(by, _verb, group, resource, what);
}
