using System.Globalization;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Engines;

/// <summary>The flags of vLLM and SGLang that a deployment asks for; the same for every runtime that starts them.</summary>
/// <remarks>
/// Names are those of vLLM 0.26 (`vllm serve --help=all`) and SGLang 0.5 (`sglang.launch_server --help`). What the user says in
/// `engine.args` or `engine.extraArgs` wins over what is derived.
/// </remarks>
public static class EngineFlags
{
    // The runtime says where the engine listens and what it loads; a second word on it would break the probes and the routing.
    private static readonly string[] s_reserved = ["host", "port", "model", "model-path"];

    /// <summary>The derived flags with the user's `args` over them, in a fixed order; without the model itself and `extraArgs`.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="gpus">Accelerators of one replica, or of one worker, on each of its nodes.</param>
    /// <param name="nodes">Nodes of one replica, or of one worker.</param>
    /// <returns>The flags.</returns>
    public static IReadOnlyList<EngineFlag> Of(ModelDeployment deployment, int gpus, int nodes = 1)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var engine = deployment.Spec.Engine!;
        var derived = engine.Type switch
        {
            EngineType.Vllm => Vllm(deployment, Parallelism.Of(deployment.Spec.Parallelism, gpus, nodes)),
            EngineType.SgLang => SgLang(deployment, Parallelism.Of(deployment.Spec.Parallelism, gpus, nodes)),
            _ => throw new ArgumentException($"{engine.Type} takes its settings another way.", nameof(deployment)),
        };
        var given = engine.Args ?? new Dictionary<string, string>();
        var extra = (engine.ExtraArgs ?? []).Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => Positive(a[2..].Split('=')[0])).ToHashSet(StringComparer.Ordinal);
        var said = given.Keys.Select(Positive).Concat(extra).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. derived.Where(f => !said.Contains(Positive(f.Name))),
            .. given.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => new EngineFlag(a.Key, a.Value.Length == 0 ? null : a.Value)),
        ];
    }

    /// <summary>The flags as arguments of a command, the user's further ones last.</summary>
    /// <inheritdoc cref="Of"/>
    /// <returns>The arguments.</returns>
    public static IReadOnlyList<string> Arguments(ModelDeployment deployment, int gpus, int nodes = 1) =>
        [.. Arguments(Of(deployment, gpus, nodes)), .. deployment.Spec.Engine!.ExtraArgs ?? []];

    /// <summary>Flags as arguments; one that is given several times, such as `lora-modules`, becomes one with several values.</summary>
    /// <remarks>Both engines' argument parsers keep only the last of a repeated list (`LoRAParserAction`, `LoRAPathAction`).</remarks>
    /// <param name="flags">The flags.</param>
    /// <returns>The arguments.</returns>
    public static IEnumerable<string> Arguments(IEnumerable<EngineFlag> flags) =>
        flags.GroupBy(f => f.Name, StringComparer.Ordinal).SelectMany(g => g.First().Arguments().Concat(g.Skip(1).Select(f => f.Value).OfType<string>()));

    /// <summary>Names the flags that belong to the runtime and not to the manifest.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="further">More names than host, port and model.</param>
    /// <returns>Fields that block the deployment.</returns>
    public static IEnumerable<UnsupportedField> Reserved(ModelDeployment deployment, params IReadOnlyList<string> further)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        bool Mine(string name) => s_reserved.Contains(name) || further.Contains(name);
        foreach (var name in deployment.Spec.Engine?.Args?.Keys.Where(Mine) ?? [])
            yield return new UnsupportedField($"spec.engine.args[{name}]", "is set by the runtime: remove it", Blocking: true);
        foreach (var name in deployment.Spec.Engine?.ExtraArgs?.Where(a => a.StartsWith("--", StringComparison.Ordinal)).Select(a => a[2..].Split('=')[0]).Where(Mine) ?? [])
            yield return new UnsupportedField("spec.engine.extraArgs", $"--{name} is set by the runtime: remove it", Blocking: true);
    }

    private static IEnumerable<EngineFlag> Vllm(ModelDeployment deployment, Parallelism parallelism)
    {
        var (model, engine) = (deployment.Spec.Model, deployment.Spec.Engine!);
        yield return new("served-model-name", ServedModel.Name(deployment));
        if (model.Revision is { } revision) yield return new("revision", revision);
        if (engine.ContextLength is { } context) yield return Number("max-model-len", context);
        if (engine.TrustRemoteCode == true) yield return new("trust-remote-code", null);
        if (engine.EnablePrefixCaching is { } caching) yield return new(caching ? "enable-prefix-caching" : "no-enable-prefix-caching", null);
        if (engine.EnforceEager == true) yield return new("enforce-eager", null);
        if (parallelism.Tensor > 1) yield return Number("tensor-parallel-size", parallelism.Tensor);
        if (parallelism.Pipeline > 1) yield return Number("pipeline-parallel-size", parallelism.Pipeline);
        if (parallelism.Data > 1) yield return Number("data-parallel-size", parallelism.Data);
        if (parallelism.Expert) yield return new("enable-expert-parallel", null);
        if (Adapters(model) is not { Count: > 0 } adapters) yield break;
        yield return new("enable-lora", null);
        yield return Number("max-loras", adapters.Count);
        foreach (var adapter in adapters) yield return new("lora-modules", $"{adapter.Name}={adapter.Id}");
    }

    private static IEnumerable<EngineFlag> SgLang(ModelDeployment deployment, Parallelism parallelism)
    {
        var (model, engine) = (deployment.Spec.Model, deployment.Spec.Engine!);
        yield return new("served-model-name", ServedModel.Name(deployment));
        if (model.Revision is { } revision) yield return new("revision", revision);
        if (engine.ContextLength is { } context) yield return Number("context-length", context);
        if (engine.TrustRemoteCode == true) yield return new("trust-remote-code", null);
        if (engine.EnablePrefixCaching == false) yield return new("disable-radix-cache", null);
        if (engine.EnforceEager == true) yield return new("disable-cuda-graph", null);
        if (parallelism.Tensor > 1) yield return Number("tp-size", parallelism.Tensor);
        if (parallelism.Pipeline > 1) yield return Number("pp-size", parallelism.Pipeline);
        if (parallelism.Data > 1) yield return Number("dp-size", parallelism.Data);
        if (parallelism.Expert) yield return Number("ep-size", parallelism.Tensor);
        if (Adapters(model) is not { Count: > 0 } adapters) yield break;
        yield return new("enable-lora", null);
        foreach (var adapter in adapters) yield return new("lora-paths", $"{adapter.Name}={adapter.Id}");
    }

    private static List<ModelAdapter> Adapters(ModelSpec model) => [.. (model.Adapters ?? []).Where(a => a.Id is not null)];

    private static EngineFlag Number(string name, int value) => new(name, value.ToString(CultureInfo.InvariantCulture));

    // `--no-enable-prefix-caching` speaks of the same setting as `--enable-prefix-caching`.
    private static string Positive(string name) => name.StartsWith("no-", StringComparison.Ordinal) ? name[3..] : name;
}
