using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace Slipway.Runtimes.Tests.Harness;

/// <summary>Kinds of Kubernetes 1.37, which the embedded API does not serve, as KubernetesClient has them from its published schema.</summary>
internal static class TypedKinds
{
    private static readonly JsonSerializerOptions s_strict = new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver(), UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private static readonly Dictionary<(string, string), Type> s_types = new()
    {
        [("scheduling.k8s.io/v1beta1", "Workload")] = typeof(V1beta1Workload),
        [("scheduling.k8s.io/v1beta1", "PodGroup")] = typeof(V1beta1PodGroup),
        [("scheduling.k8s.io/v1alpha3", "Workload")] = typeof(V1alpha3Workload),
        [("scheduling.k8s.io/v1alpha3", "PodGroup")] = typeof(V1alpha3PodGroup),
    };

    /// <summary>Whether an object is of one of them.</summary>
    public static bool Has(JsonObject value) => s_types.ContainsKey(Kind(value));

    /// <summary>Asserts that an object has no field but those of its kind, each of its type, and that none of them is lost.</summary>
    public static void IsStrictly(JsonObject value)
    {
        var type = s_types[Kind(value)];
        var typed = value.Deserialize(type, s_strict);
        Assert.True(Holds(JsonSerializer.SerializeToNode(typed, type, s_strict), value), $"{value["kind"]} is another one as {type.Name}: {value.ToJsonString()}");
    }

    private static bool Holds(JsonNode? typed, JsonNode? given) => given switch
    {
        JsonObject fields => typed is JsonObject there && fields.All(f => Holds(there[f.Key], f.Value)),
        JsonArray items => typed is JsonArray list && list.Count == items.Count && items.Zip(list).All(p => Holds(p.Second, p.First)),
        _ => JsonNode.DeepEquals(typed, given),
    };

    private static (string, string) Kind(JsonObject value) => ((string)value["apiVersion"]!, (string)value["kind"]!);
}
