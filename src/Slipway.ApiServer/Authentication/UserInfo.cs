using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authentication;

/// <summary>Who a request comes from (<c>authentication.k8s.io/v1</c> UserInfo).</summary>
internal sealed record UserInfo(string Name, IReadOnlyList<string> Groups)
{
    private static readonly Dictionary<string, IReadOnlyList<string>> s_nothing = [];

    /// <summary>Gets who asks without showing anything.</summary>
    public static UserInfo Anonymous { get; } = new(Identities.Anonymous, [Identities.Unauthenticated]);

    /// <summary>Gets what tells two users of one name apart; empty where nothing does.</summary>
    public string Uid { get; init; } = "";

    /// <summary>Gets what else the authenticator knows.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = s_nothing;

    /// <summary>Gets whether every request is allowed, whatever roles say: the group that no role can take rights from.</summary>
    public bool IsMaster
    {
        get
        {
            for (var i = 0; i < Groups.Count; i++)
                if (Groups[i] == Identities.Masters) return true;
            return false;
        }
    }

    public JsonMap ToJson()
    {
        var json = new JsonMap();
        if (Name.Length > 0) json["username"] = Name;
        if (Uid.Length > 0) json["uid"] = Uid;
        if (Groups.Count > 0) json["groups"] = JsonList.Of(Groups);
        if (Extra.Count == 0) return json;
        var extra = json.Ensure("extra");
        foreach (var (key, values) in Extra.OrderBy(e => e.Key, StringComparer.Ordinal)) extra[key] = JsonList.Of(values);
        return json;
    }
}
