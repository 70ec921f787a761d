using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Admission;

/// <summary>The resource that a rule matched: the request's own, or one that shows the same objects in another version or group.</summary>
internal sealed record MatchedResource(ResourceType Type, ServedVersion Version, string Subresource)
{
    public GroupVersionResource Resource => new(Type.Group, Version.Name, Type.Plural);

    public GroupVersionKind Kind => KindOf(Type, Version, Subresource);

    public static MatchedResource Of(ApiRequest request) => new(request.Type, request.Version, request.Target.Subresource ?? "");

    /// <summary>Gets the other resources that show the same objects, for the match policy Equivalent.</summary>
    public static IEnumerable<MatchedResource> Equivalents(RegistrySnapshot registry, ResourceType type, ServedVersion version, string subresource) =>
        from other in type.Custom ? [type] : registry.Types.Where(t => t.BucketName == type.BucketName)
        from served in other.Versions
        where served.Served && !ReferenceEquals(served, version)
        select new MatchedResource(other, served, subresource);

    // What a subresource takes may be of a kind of its own.
    private static GroupVersionKind KindOf(ResourceType type, ServedVersion version, string subresource) => subresource switch
    {
        "scale" => new("autoscaling", "v1", "Scale"),
        "eviction" => new("policy", "v1", "Eviction"),
        "binding" => new("", "v1", "Binding"),
        "token" => new("authentication.k8s.io", "v1", "TokenRequest"),
        _ => new(type.Group, version.Name, type.Kind),
    };
}
