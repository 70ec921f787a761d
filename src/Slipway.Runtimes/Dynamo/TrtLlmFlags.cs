using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Dynamo;

/// <summary>The flags of Dynamo's TensorRT-LLM worker, and the settings of the engine that have no flag.</summary>
/// <remarks>Names are those of components/src/dynamo/trtllm/backend_args.py; settings are fields of TensorRT-LLM's LlmArgs.</remarks>
internal static class TrtLlmFlags
{
    private const string Overrides = "override-engine-args";

    public static IReadOnlyList<EngineFlag> Of(DynamoPlan plan, DynamoWorkers workers)
    {
        var engine = plan.Spec.Engine!;
        var given = engine.Args ?? new Dictionary<string, string>();
        var said = given.Keys.Concat((engine.ExtraArgs ?? []).Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => a[2..].Split('=')[0])).ToHashSet(StringComparer.Ordinal);
        var flags = Derived(plan, workers).Where(f => !said.Contains(f.Name)).ToList();
        flags.AddRange(given.Where(a => a.Key != Overrides).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => new EngineFlag(a.Key, a.Value.Length == 0 ? null : a.Value)));
        if (Settings(plan, workers, given.GetValueOrDefault(Overrides)) is { } settings) flags.Add(new EngineFlag(Overrides, settings));
        return flags;
    }

    /// <summary>Whether the user's own settings are an object that ours can stand beside.</summary>
    public static bool CanMerge(ModelDeployment deployment) =>
        deployment.Spec.Engine?.Args?.GetValueOrDefault(Overrides) is not { } text || Parse(text) is not null;

    private static IEnumerable<EngineFlag> Derived(DynamoPlan plan, DynamoWorkers workers)
    {
        var parallelism = Parallelism.Of(plan.Spec.Parallelism, workers.Gpus, workers.Nodes);
        yield return new("served-model-name", ServedModel.Name(plan.Deployment));
        if (plan.Spec.Engine?.ContextLength is { } context) yield return Number("max-seq-len", context);
        if (parallelism.Tensor > 1) yield return Number("tensor-parallel-size", parallelism.Tensor);
        if (parallelism.Pipeline > 1) yield return Number("pipeline-parallel-size", parallelism.Pipeline);
        if (parallelism.Expert) yield return Number("expert-parallel-size", parallelism.Tensor);
    }

    private static string? Settings(DynamoPlan plan, DynamoWorkers workers, string? given)
    {
        var (engine, settings) = (plan.Spec.Engine!, new JsonObject());
        if (engine.TrustRemoteCode == true) settings["trust_remote_code"] = true;
        if (engine.EnforceEager == true) settings["cuda_graph_config"] = null;
        if (engine.EnablePrefixCaching is { } caching) settings["kv_cache_config"] = new JsonObject { ["enable_block_reuse"] = caching };
        if (plan.IsSplit)
        {
            // As in examples/backends/trtllm/engine_configs: the overlap scheduler does not work in workers that only prefill.
            settings["cache_transceiver_config"] = new JsonObject { ["backend"] = "DEFAULT" };
            settings["disable_overlap_scheduler"] = workers.Prefills;
        }

        if (given is not null && Parse(given) is { } own) Merge(settings, own);
        return settings.Count > 0 ? settings.ToJsonString() : given;
    }

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (key, value) in source)
        {
            if (value is JsonObject inner && target[key] is JsonObject there) Merge(there, inner);
            else target[key] = value?.DeepClone();
        }
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ObjectJson.Default.JsonNode) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static EngineFlag Number(string name, int value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}
