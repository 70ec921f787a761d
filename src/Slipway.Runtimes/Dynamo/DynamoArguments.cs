using System.Globalization;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;

namespace Slipway.Runtimes.Dynamo;

/// <summary>Command and arguments of a worker. The operator adds what belongs to the ranks of a worker on several nodes.</summary>
internal static class DynamoArguments
{
    // The connectors and publishers are those of upstream's own manifests (examples/backends/*/deploy/v1beta1 of Dynamo 1.4).
    private const string Nixl = """{"kv_connector":"NixlConnector","kv_role":"kv_both"}""";
    private const string VllmEvents = """{"publisher":"zmq","topic":"kv-events","endpoint":"tcp://*:20080","enable_kv_cache_events":true}""";
    private const string SgLangEvents = """{"publisher":"zmq","topic":"kv-events","endpoint":"tcp://*:5557"}""";

    /// <summary>The command, which is a module of Dynamo around the engine.</summary>
    public static IReadOnlyList<string> Command(EngineType engine) => ["python3", "-m", $"dynamo.{engine.Name()}"];

    /// <summary>Its arguments: the model, what the manifest asks for, the worker's part in the graph, and the user's further ones.</summary>
    public static IReadOnlyList<string> Of(DynamoPlan plan, DynamoWorkers workers)
    {
        var spec = plan.Spec;
        var flags = plan.Engine is EngineType.TrtLlm
            ? TrtLlmFlags.Of(plan, workers)
            : EngineFlags.Of(plan.Deployment, workers.Gpus, workers.Nodes).Where(f => f.Name is not ("lora-modules" or "lora-paths"));
        List<EngineFlag> all = [new(plan.Engine is EngineType.Vllm ? "model" : "model-path", plan.Model), .. flags];
        foreach (var flag in Part(plan, workers))
        {
            if (all.TrueForAll(f => f.Name != flag.Name) && spec.Engine?.ExtraArgs?.Any(a => a.Split('=')[0] == $"--{flag.Name}") != true) all.Add(flag);
        }

        return [.. all.SelectMany(f => f.Arguments()), .. spec.Engine?.ExtraArgs ?? []];
    }

    private static IEnumerable<EngineFlag> Part(DynamoPlan plan, DynamoWorkers workers)
    {
        if (plan.IsSplit)
        {
            yield return new("disaggregation-mode", workers.Type);
            if (plan.Engine is EngineType.Vllm) yield return new("kv-transfer-config", Nixl);
            if (plan.Engine is EngineType.SgLang)
            {
                yield return new("disaggregation-transfer-backend", "nixl");
                yield return new("disaggregation-bootstrap-port", 30001.ToString(CultureInfo.InvariantCulture));
                yield return new("host", "0.0.0.0");
            }
        }

        if (plan.Engine is EngineType.SgLang)
        {
            // Dynamo's frontend tokenizes; blocks of 16 tokens are what its router counts in.
            yield return new("page-size", "16");
            yield return new("skip-tokenizer-init", null);
            yield return new("enable-metrics", null);
        }

        if (plan.RouterMode != "kv" || !workers.Prefills) yield break;
        yield return plan.Engine switch
        {
            EngineType.Vllm => new("kv-events-config", VllmEvents),
            EngineType.SgLang => new("kv-events-config", SgLangEvents),
            _ => new("publish-events-and-metrics", null),
        };
    }
}
