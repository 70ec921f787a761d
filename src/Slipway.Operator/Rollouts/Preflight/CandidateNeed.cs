using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Quotas;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;

namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>What a deployment takes of a cluster, by the pods that its runtime would make. Pure.</summary>
/// <param name="Pods">Its pods, shape by shape, of all replicas.</param>
/// <param name="Replicas">How many replicas that is.</param>
internal sealed record CandidateNeed(ImmutableArray<PodNeed> Pods, int Replicas)
{
    /// <summary>Accelerators of all replicas.</summary>
    public int Accelerators => (int)Pods.Sum(static p => p.Count * p.Ask.Accelerators);

    /// <summary>Accelerators of one replica.</summary>
    public int Each => Replicas == 0 ? 0 : Accelerators / Replicas;

    /// <summary>Decides.</summary>
    /// <param name="deployment">The deployment, with as many replicas as it is to have.</param>
    /// <param name="runtime">The runtime that serves it.</param>
    /// <param name="engine">The engine that it serves it with.</param>
    /// <param name="sized">Accelerators that the model needs, where the manifest leaves them open and it is known.</param>
    /// <returns>What it takes; null where the runtime's objects do not speak of pods, as on this machine or with KAITO, or where the number is open.</returns>
    public static CandidateNeed? Of(ModelDeployment deployment, IRuntime runtime, EngineType engine, int? sized)
    {
        var gives = runtime.Descriptor.Spec.Capabilities?.Engines?.FirstOrDefault(e => e.Name == engine)?.GpuSupport == true;
        if (gives && engine is not EngineType.LlamaCpp && sized is null && Effective.IsSized(deployment)) return null;
        var effective = Effective.Of(deployment, engine, gives, sized);
        if (runtime.Unsupported(effective).Any(static f => f.Blocking)) return null;
        var rendered = runtime.Render(effective, ClusterApis.None);
        var shapes = PodShape.Of(rendered).ToList();
        if (shapes.Count == 0) return null;
        var templates = rendered.Where(static o => (string?)o["kind"] == "ResourceClaimTemplate").ToDictionary(static t => (string)t["metadata"]!["name"]!, static t => Element(t["spec"]!["spec"]!), StringComparer.Ordinal);
        return new CandidateNeed(
            [.. shapes.Select(s => new PodNeed(s.Count, PodAsk.Of(s.Spec, s.Count, name => templates.GetValueOrDefault(name)), s.Spec))], deployment.Spec.Scaling?.Replicas ?? 1);
    }

    private static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }
}

/// <summary>Pods of one shape.</summary>
/// <param name="Count">How many.</param>
/// <param name="Ask">What each asks for.</param>
/// <param name="Spec">Their spec.</param>
internal sealed record PodNeed(int Count, PodAsk Ask, JsonElement Spec);
