using Slipway.ApiServer.Authentication;

namespace Slipway.ApiServer.Authorization;

/// <summary>What someone wants to do: a verb on a resource, or on a path that is none.</summary>
internal readonly record struct AccessRequest(UserInfo User, string Verb)
{
    public bool IsResource { get; init; }

    public string Group { get; init; } = "";

    public string Resource { get; init; } = "";

    public string Subresource { get; init; } = "";

    public string Namespace { get; init; } = "";

    public string Name { get; init; } = "";

    public string Path { get; init; } = "";

    public static AccessRequest To(UserInfo user, string verb, string path) => new(user, verb) { Path = path };

    public static AccessRequest To(UserInfo user, string verb, string group, string resource, string name = "", string @namespace = "", string subresource = "") =>
        new(user, verb) { IsResource = true, Group = group, Resource = resource, Name = name, Namespace = @namespace, Subresource = subresource };
}

/// <summary>Whether something is allowed, and by which grant; or what stood in the way of finding one.</summary>
internal readonly record struct Decision(bool Allowed, Grant? By = null, string Obstacle = "")
{
    /// <summary>Gets upstream's words for it, made only for those who ask: most checks are never explained.</summary>
    public string Reason => By?.Reason ?? Obstacle;
}
