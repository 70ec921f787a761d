using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authentication.Tokens;

/// <summary>An object as it was when a token was made for it or bound to it.</summary>
internal readonly record struct ObjectIdentity(string Name, string Uid)
{
    public static ObjectIdentity? Of(JsonMap? json) => json is null ? null : new(json.Text("name") ?? "", json.Text("uid") ?? "");

    public JsonMap ToJson()
    {
        var json = new JsonMap { ["name"] = Name };
        if (Uid.Length > 0) json["uid"] = Uid;
        return json;
    }
}

/// <summary>What a service account's token says (KEP-1205). Times are in seconds since 1970.</summary>
internal sealed record TokenClaims(string Namespace, ObjectIdentity Account)
{
    private const string Private = "kubernetes.io";

    public string Issuer { get; init; } = TokenIssuer.Issuer;

    public IReadOnlyList<string> Audiences { get; init; } = [];

    public long IssuedAt { get; init; }

    public long NotBefore { get; init; }

    /// <summary>Gets when the token ends, or <see langword="null"/> when it never does.</summary>
    public long? Expires { get; init; }

    public string Id { get; init; } = "";

    public ObjectIdentity? Pod { get; init; }

    public ObjectIdentity? Secret { get; init; }

    public ObjectIdentity? Node { get; init; }

    /// <summary>Gets when a token that was made to last longer than asked for should have been replaced.</summary>
    public long? WarnAfter { get; init; }

    /// <returns>The claims, or <see langword="null"/> when they are not of a service account's token.</returns>
    public static TokenClaims? Of(JsonMap json)
    {
        if (json.Map(Private) is not { } own || own.Text("namespace") is not { } ns || ObjectIdentity.Of(own.Map("serviceaccount")) is not { } account)
            return null;
        return new(ns, account)
        {
            Issuer = json.Text("iss") ?? "",
            Audiences = json.At("aud") switch
            {
                string one => [one],
                JsonList many => [.. many.Strings()],
                _ => [],
            },
            IssuedAt = json.At("iat") as long? ?? 0,
            NotBefore = json.At("nbf") as long? ?? 0,
            Expires = json.At("exp") as long?,
            Id = json.Text("jti") ?? "",
            Pod = ObjectIdentity.Of(own.Map("pod")),
            Secret = ObjectIdentity.Of(own.Map("secret")),
            Node = ObjectIdentity.Of(own.Map("node")),
            WarnAfter = own.At("warnafter") as long?,
        };
    }

    public JsonMap ToJson()
    {
        var own = new JsonMap { ["namespace"] = Namespace };
        if (Node is { } node) own["node"] = node.ToJson();
        if (Pod is { } pod) own["pod"] = pod.ToJson();
        if (Secret is { } secret) own["secret"] = secret.ToJson();
        own["serviceaccount"] = Account.ToJson();
        if (WarnAfter is { } warn) own["warnafter"] = warn;
        return new()
        {
            ["aud"] = JsonList.Of(Audiences),
            ["exp"] = Expires,
            ["iat"] = IssuedAt,
            ["iss"] = Issuer,
            ["jti"] = Id,
            [Private] = own,
            ["nbf"] = NotBefore,
            ["sub"] = Identities.AccountUser(Namespace, Account.Name),
        };
    }

    public UserInfo ToUser()
    {
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (Pod is { Name.Length: > 0, Uid.Length: > 0 } pod) (extra[Identities.PodName], extra[Identities.PodUid]) = ([pod.Name], [pod.Uid]);
        if (Id.Length > 0) extra[Identities.CredentialId] = ["JTI=" + Id];
        if (Node is { Name.Length: > 0 } node)
        {
            extra[Identities.NodeName] = [node.Name];
            if (node.Uid.Length > 0) extra[Identities.NodeUid] = [node.Uid];
        }

        return new(Identities.AccountUser(Namespace, Account.Name), [.. Identities.AccountGroups(Namespace), Identities.Authenticated])
        {
            Uid = Account.Uid,
            Extra = extra,
        };
    }
}
