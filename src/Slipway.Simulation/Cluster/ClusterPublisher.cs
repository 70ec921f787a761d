using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Cluster;

/// <summary>Makes a simulated cluster's nodes and devices in an API, and the definitions that runtimes render to.</summary>
/// <param name="client">The API.</param>
/// <param name="time">The clock.</param>
public sealed class ClusterPublisher(KubeClient client, TimeProvider time)
{
    private const string Manager = "slipway-simulation";

    /// <summary>Makes what a plan says; what is simulated besides goes, so that the plan is the whole cluster.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>When all is there.</returns>
    /// <exception cref="KubeApiException">The API refused.</exception>
    public async Task PublishAsync(SimulationPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        await DefineAsync(cancellationToken);
        var kept = new HashSet<(string Kind, string Name)>();
        foreach (var @class in NodeObjects.Classes(plan)) await ApplyAsync(Kinds.Classes, @class);
        foreach (var (node, status) in plan.Nodes.SelectMany(g => NodeObjects.Nodes(g, time.GetUtcNow())))
        {
            await ApplyAsync(Kinds.Nodes, node);
            await client.MergePatchAsync(Kinds.Nodes, Key(node), new JsonObject { ["status"] = status }, Manager, cancellationToken, "status");
        }

        foreach (var slice in plan.Nodes.SelectMany(NodeObjects.Slices)) await ApplyAsync(Kinds.Slices, slice);
        foreach (var kind in new[] { Kinds.Slices, Kinds.Nodes, Kinds.Classes })
        {
            foreach (var old in await client.ListAsync(kind, null, cancellationToken, $"labelSelector={Uri.EscapeDataString(SimulatedLabel.Key)}"))
            {
                if (!kept.Contains((kind.Kind, old.Identity.Key.Name))) await client.DeleteAsync(kind, old.Identity.Key, cancellationToken);
            }
        }

        Task ApplyAsync(Resource<CachedObject> kind, JsonObject value)
        {
            kept.Add((kind.Kind, Key(value).Name));
            return client.ApplyAsync(kind, Key(value), value, Manager, cancellationToken);
        }
    }

    // The kinds of what vLLM and llm-d are rendered to, without their schemas: the upstream ones are a megabyte, and whoever has them keeps them.
    private async Task DefineAsync(CancellationToken cancellationToken)
    {
        var assembly = typeof(ClusterPublisher).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(static n => n.StartsWith("definitions/", StringComparison.Ordinal)))
        {
            var name = Path.GetFileNameWithoutExtension(resource);
            var path = $"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}";
            using var there = await client.Connection.Http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
            if (there.IsSuccessStatusCode) continue;
            using var memory = new MemoryStream();
            await using (var stream = assembly.GetManifestResourceStream(resource)!) await stream.CopyToAsync(memory, cancellationToken);
            await client.ApplyRawAsync(path, memory.ToArray(), Manager, cancellationToken);
        }
    }

    private static NamespacedName Key(JsonObject value) => new("", (string)value["metadata"]!["name"]!);
}
