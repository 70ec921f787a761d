using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Admission;

/// <summary>A kind in a version, as reviews name it.</summary>
internal readonly record struct GroupVersionKind(string Group, string Version, string Kind)
{
    public JsonMap ToJson() => new() { ["group"] = Group, ["version"] = Version, ["kind"] = Kind };
}

/// <summary>A resource in a version, as reviews and rules name it.</summary>
internal readonly record struct GroupVersionResource(string Group, string Version, string Resource)
{
    public JsonMap ToJson() => new() { ["group"] = Group, ["version"] = Version, ["resource"] = Resource };
}
