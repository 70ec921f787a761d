using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Kaito;

/// <summary>Inference by a pod of our own: AIKit's llama.cpp runner, which fetches a GGUF file and serves it with LocalAI on port 5000.</summary>
internal static class LlamaInference
{
    /// <summary>AIKit v0.21.0, released 2026-03-17; its release workflow publishes the runners under its tag.</summary>
    public const string CpuImage = "ghcr.io/kaito-project/aikit/runners/llama-cpp-cpu:v0.21.0";

    /// <inheritdoc cref="CpuImage"/>
    public const string GpuImage = "ghcr.io/kaito-project/aikit/runners/llama-cpp-cuda:v0.21.0";

    /// <summary>The folder that the runner keeps downloads in.</summary>
    public const string Cache = "/models";

    /// <summary>`inference` of a Workspace.</summary>
    public static JsonObject Render(KaitoPlan plan) => new()
    {
        ["template"] = new JsonObject { ["metadata"] = PodParts.TemplateMetadata(plan.Deployment), ["spec"] = Pod(plan) },
    };

    private static JsonObject Pod(KaitoPlan plan)
    {
        var spec = plan.Spec;
        var container = new JsonObject
        {
            ["name"] = "llama",
            ["image"] = plan.Image ?? (plan.Gpus > 0 ? GpuImage : CpuImage),
            ["args"] = new JsonArray([.. Arguments(spec).Select(a => JsonValue.Create(a))]),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = 5000 }),
            // LocalAI answers it once it serves; until then the runner is still downloading.
            ["readinessProbe"] = new JsonObject { ["httpGet"] = new JsonObject { ["path"] = "/v1/models", ["port"] = 5000 }, ["periodSeconds"] = 10, ["timeoutSeconds"] = 5 },
            // Capabilities stay: the image's root writes into a folder of user 1000, for which it needs CAP_DAC_OVERRIDE.
            ["securityContext"] = new JsonObject { ["allowPrivilegeEscalation"] = false },
        };
        if (PodParts.Env(plan.Deployment) is { Count: > 0 } env) container["env"] = env;
        if (PodParts.Resources(spec.Resources?.Gpu, spec.Resources?.Memory, spec.Resources?.Cpu) is { } resources) container["resources"] = resources;
        if (PodParts.Mounts(plan.Deployment) is { Count: > 0 } mounts) container["volumeMounts"] = mounts;

        var pod = new JsonObject
        {
            ["containers"] = new JsonArray(container),
            ["securityContext"] = new JsonObject { ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } },
        };
        if (spec.ServiceAccountName is null) pod["automountServiceAccountToken"] = false;
        if (PodParts.PodVolumes(plan.Deployment) is { Count: > 0 } volumes) pod["volumes"] = volumes;
        PodParts.Place(plan.Deployment, pod);
        // KAITO replaces the affinity by one made of the labels that it chooses nodes by, which hold the node selector already.
        pod.Remove("affinity");
        pod.Remove("nodeSelector");
        return pod;
    }

    private static IEnumerable<string> Arguments(ModelDeploymentSpec spec)
    {
        yield return Source(spec.Model);
        yield return "--address=:5000";
        if (spec.Engine?.ContextLength is { } context && spec.Engine.Args?.ContainsKey("context-size") != true) yield return $"--context-size={context}";
        foreach (var (name, value) in spec.Engine?.Args?.OrderBy(a => a.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, string>>())
            yield return value.Length == 0 ? $"--{name}" : $"--{name}={value}";
        foreach (var further in spec.Engine?.ExtraArgs ?? []) yield return further;
    }

    // A file is fetched by its address; a repository as a whole, all its GGUF files. An image with the model in it is told to run it.
    private static string Source(ModelSpec model) => model switch
    {
        { Source: ModelSource.Custom } => "run",
        { File: { } file } => $"https://huggingface.co/{model.Id}/resolve/{Uri.EscapeDataString(model.Revision ?? "main")}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}",
        _ => $"huggingface://{model.Id}",
    };
}
