using System.Text.Json.Nodes;
using Slipway.Integration.Tests.Harness;
using Slipway.Kubernetes.Objects;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Runtimes;

/// <summary>What every runtime is put through.</summary>
/// <param name="Name">The runtime, and what is special about the case.</param>
/// <param name="Spec">A deployment that it runs.</param>
/// <param name="Main">The kind of its main object.</param>
/// <param name="Service">The Service where the model answers, with {name}.</param>
/// <param name="Port">Its port.</param>
public sealed record RuntimeCase(string Name, JsonObject Spec, Resource<CachedObject> Main, string Service, int Port)
{
    /// <summary>Whether upstream has a way to say that something has failed for good.</summary>
    public bool SaysFailed { get; init; }

    /// <summary>Whether upstream does not roll a change out to what runs, so that the object is made anew (KAITO's InferenceSet).</summary>
    public bool ChangesByReplacement { get; init; }

    /// <summary>The finalizer of the operator, if it has one.</summary>
    public bool HasFinalizer { get; init; }

    /// <summary>Words of upstream's own failure that must reach the user.</summary>
    public string FailedWords { get; init; } = "";

    public static IReadOnlyList<RuntimeCase> All { get; } =
    [
        new("kaito", Model("kaito"), ApiKinds.Workspaces, "{name}", 80) { HasFinalizer = true },
        new("kaito, two replicas", With(Model("kaito"), "scaling", new JsonObject { ["replicas"] = 2 }), ApiKinds.InferenceSets, "{name}-serve", 80) { HasFinalizer = true, ChangesByReplacement = true },
        new("dynamo", Gpus(Model("dynamo"), 1), ApiKinds.DynamoGraphs, "{name}-frontend", 8000) { SaysFailed = true, HasFinalizer = true, FailedWords = "topology \"rack\" is not known" },
        new("dynamo, disaggregated", Disaggregated("dynamo"), ApiKinds.DynamoGraphs, "{name}-frontend", 8000) { SaysFailed = true, HasFinalizer = true, FailedWords = "topology \"rack\" is not known" },
        new("kuberay", Gpus(Model("kuberay"), 2), ApiKinds.RayServices, "{name}-serve-svc", 8000) { SaysFailed = true, FailedWords = "must be divisible by tensor parallel size" },
        new("kuberay, two nodes", Nodes(Gpus(Model("kuberay"), 8), 2), ApiKinds.RayServices, "{name}-serve-svc", 8000) { SaysFailed = true, FailedWords = "must be divisible by tensor parallel size" },
        new("vllm", Gpus(Model("vllm"), 1), ApiKinds.Deployments, "{name}", 8000) { SaysFailed = true, FailedWords = "timed out progressing" },
        new("vllm, two nodes", Nodes(Gpus(Model("vllm"), 8), 2), ApiKinds.LeaderWorkerSets, "{name}", 8000),
        new("llmd", Gpus(Model("llmd"), 1), ApiKinds.Deployments, "{name}", 8000) { SaysFailed = true, FailedWords = "timed out progressing" },
    ];

    /// <summary>Those of the runtimes that Slipway drives here.</summary>
    public static IEnumerable<RuntimeCase> Driven => All.Where(c => BareCluster.Runtimes.Any(r => c.Name.StartsWith(r.Descriptor.Name, StringComparison.Ordinal)));

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static JsonObject Model(string provider) => new()
    {
        ["model"] = new JsonObject { ["id"] = "Qwen/Qwen3-8B", ["servedName"] = "qwen" },
        ["engine"] = new JsonObject { ["type"] = "vllm" },
        ["provider"] = new JsonObject { ["name"] = provider },
    };

    private static JsonObject Gpus(JsonObject spec, int count) => With(spec, "resources", new JsonObject { ["gpu"] = new JsonObject { ["count"] = count } });

    private static JsonObject Nodes(JsonObject spec, int nodes)
    {
        spec["resources"]!["nodes"] = nodes;
        return spec;
    }

    private static JsonObject Disaggregated(string provider)
    {
        var role = new JsonObject { ["replicas"] = 1, ["gpu"] = new JsonObject { ["count"] = 1 } };
        var spec = With(Model(provider), "serving", new JsonObject { ["mode"] = "disaggregated" });
        return With(spec, "scaling", new JsonObject { ["prefill"] = role, ["decode"] = role.DeepClone() });
    }

    private static JsonObject With(JsonObject spec, string field, JsonNode value)
    {
        spec[field] = value;
        return spec;
    }
}
