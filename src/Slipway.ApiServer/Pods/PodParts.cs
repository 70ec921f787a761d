using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Pods;

/// <summary>A subresource of pods: what it takes and what may be done with it.</summary>
internal sealed record PodPart(string Name, string Group, string Version, string Kind, IReadOnlyList<string> Verbs);

/// <summary>The subresources that pods alone have.</summary>
internal static class PodParts
{
    private static readonly PodPart[] s_parts =
    [
        new("binding", "", "v1", "Binding", ["create"]),
        new("ephemeralcontainers", "", "v1", "Pod", ["get", "patch", "update"]),
        new("eviction", "policy", "v1", "Eviction", ["create"]),
        new("log", "", "v1", "Pod", ["get"]),
    ];

    public static IReadOnlyList<PodPart> Of(ResourceType type) => IsPod(type) ? s_parts : [];

    public static bool Has(ResourceType type, string part) => IsPod(type) && Array.Exists(s_parts, p => p.Name == part);

    public static bool IsPod(ResourceType type) => type.Plural == "pods" && type.Group.Length == 0;
}
