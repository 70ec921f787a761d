using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Quotas;
using Slipway.Runtimes.Pods;

namespace Slipway.Operator.Waits;

/// <summary>What a deployment asks for in its namespace, as quotas count it. Pure.</summary>
internal static class QuotaAsks
{
    /// <summary>No class has a resource, as far as is known.</summary>
    public static ImmutableDictionary<string, string> NoClasses { get; } = ImmutableDictionary<string, string>.Empty;

    private static JsonElement Nothing => default;

    /// <summary>What is still to be made: all of it where there are no pods yet.</summary>
    /// <param name="rendered">What its runtime renders.</param>
    /// <param name="pods">The pods that there are.</param>
    /// <param name="classes">Extended resources by DeviceClass.</param>
    public static QuotaAsk Of(IReadOnlyList<JsonObject> rendered, IEnumerable<ModelPod> pods, ImmutableDictionary<string, string> classes)
    {
        var templates = rendered.Where(static o => (string?)o["kind"] == "ResourceClaimTemplate")
            .ToDictionary(static t => (string)t["metadata"]!["name"]!, static t => Element(t["spec"]!["spec"]!), StringComparer.Ordinal);
        var left = pods.Where(static p => p.Metadata.DeletionTimestamp is null && p.Status?.Phase is not ("Succeeded" or "Failed")).ToList();
        var asks = ImmutableArray.CreateBuilder<PodAsk>();
        // Those with the most labels first: what fits them fits the others too.
        foreach (var shape in PodShape.Of(rendered).OrderByDescending(static s => s.Labels.Count))
        {
            var made = left.Where(p => shape.Labels.All(l => p.Metadata.Labels?.GetValueOrDefault(l.Key) == l.Value)).Take(shape.Count).ToList();
            left.RemoveAll(made.Contains);
            var ask = PodAsk.Of(shape.Spec, shape.Count - made.Count, name => templates.GetValueOrDefault(name, Nothing));
            asks.Add(ask);
            asks.Add(ask with { Count = made.Count(static p => p.ClaimsToMake.Any()), IsMade = true });
        }

        return new QuotaAsk([.. asks.Where(static a => a.Count > 0)], classes);
    }

    /// <summary>What a deployment asks for before anything of it is there.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="rendered">What its runtime renders.</param>
    /// <param name="classes">Extended resources by DeviceClass.</param>
    public static QuotaAsk Of(ModelDeployment deployment, IReadOnlyList<JsonObject> rendered, ImmutableDictionary<string, string> classes)
    {
        var ask = Of(rendered, [], classes) with
        {
            Volumes = [.. (deployment.Spec.Model.Storage?.Volumes ?? []).Where(static v => v.Size is not null).Select(static v => (v.StorageClassName, v.Size!.Value.Amount() ?? 0))],
        };
        return rendered.Any(static o => (string?)o["kind"] is "Workspace" or "InferenceSet") ? ask with { Pods = [Whole(deployment)] } : ask;
    }

    // KAITO makes pods of its own, which ask for the GPUs of a whole node; of how many is known what the manifest says.
    private static PodAsk Whole(ModelDeployment deployment)
    {
        var limits = new JsonObject();
        if (deployment.Spec.Resources?.Gpu is { Count: > 0 and var count } gpu) limits[gpu.Type ?? "nvidia.com/gpu"] = count.ToString(CultureInfo.InvariantCulture);
        var spec = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["resources"] = new JsonObject { ["limits"] = limits } }) };
        return PodAsk.Of(Element(spec), deployment.Spec.Scaling?.Replicas ?? 1, static _ => Nothing) with { Unsaid = [] };
    }

    private static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}
