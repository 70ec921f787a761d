using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Scheduling.Tests.Harness;
using Slipway.Simulation.Scheduling;

namespace Slipway.Scheduling.Tests.Fit;

/// <summary>All that a scene has in the cluster, for what the product says of it.</summary>
internal static class Snapshot
{
    public static async Task<ClusterObjects> ReadAsync(Scene scene, JsonObject pod)
    {
        async Task<ImmutableArray<JsonElement>> OfAsync(string path, Func<JsonObject, bool>? mine = null) =>
            [.. (await scene.Api.GetAsync(path))["items"]!.AsArray().Select(static i => i!.AsObject()).Where(i => mine?.Invoke(i) is not false).Select(Element)];
        return new()
        {
            Nodes = await OfAsync($"/api/v1/nodes?labelSelector=slipway.dev/scene={scene.Id}"),
            Pods = [.. await OfAsync(scene.Path(Kind.Pod)), Element(pod)],
            Claims = await OfAsync(scene.Path(Kind.Claim)),
            Slices = await OfAsync("/apis/resource.k8s.io/v1/resourceslices", s => (string?)s["spec"]!["driver"] == scene.Driver),
            Classes = await OfAsync("/apis/resource.k8s.io/v1/deviceclasses", c => Scene.Name(c) == scene.Driver),
        };
    }

    private static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
