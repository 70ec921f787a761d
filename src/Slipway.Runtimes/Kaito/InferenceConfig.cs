using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Engines;

namespace Slipway.Runtimes.Kaito;

/// <summary>The flags of a preset's vLLM, which KAITO takes from a ConfigMap instead of a command line.</summary>
/// <remarks>
/// KAITO adds `--KEY VALUE` to vLLM's command for each entry of the map `vllm`, after its own, so that these win
/// (presets/workspace/inference/vllm/inference_api.py of v0.12.0).
/// </remarks>
internal static class InferenceConfig
{
    /// <summary>The key of the ConfigMap that KAITO reads.</summary>
    public const string Key = "inference_config.yaml";

    /// <summary>The file.</summary>
    /// <returns>YAML with one map, `vllm`.</returns>
    public static string Write(ModelDeployment deployment)
    {
        var text = new StringBuilder("vllm:\n");
        foreach (var (name, value) in Flags(deployment)) text.Append("  ").Append(Quote(name)).Append(": ").Append(Quote(value)).Append('\n');
        return text.ToString();
    }

    /// <summary>The further flags that the map cannot carry: positional words, short flags, and several values for one flag.</summary>
    public static IReadOnlyList<string> Unwritable(ModelDeployment deployment) => Further(deployment.Spec.Engine?.ExtraArgs ?? []).Unwritable;

    private static SortedDictionary<string, string> Flags(ModelDeployment deployment)
    {
        var (spec, flags) = (deployment.Spec, new SortedDictionary<string, string>(StringComparer.Ordinal));
        // An entry always becomes two words, and a switch takes no value: its second word repeats a flag that is there anyway.
        var filler = $"--served-model-name={ServedModel.Name(deployment)}";
        foreach (var flag in Derived(deployment)) flags[flag.Name] = flag.Value ?? filler;
        foreach (var (name, value) in Further(spec.Engine?.ExtraArgs ?? []).Flags) flags[name] = value ?? filler;

        // KAITO's presets run code that comes with a model (pkg presets/workspace/models/vllm_model.go); the shared API says only when asked.
        if (!flags.ContainsKey("trust-remote-code") && !flags.ContainsKey("no-trust-remote-code")) flags["no-trust-remote-code"] = filler;
        return flags;
    }

    // Left alone, KAITO divides the work by the accelerators of its node; one size that is given makes its guess at the others wrong.
    private static IEnumerable<EngineFlag> Derived(ModelDeployment deployment)
    {
        var asked = deployment.Spec.Parallelism;
        var divided = asked is { Tensor: not null } or { Pipeline: not null } or { Data: not null };
        var flags = EngineFlags.Of(deployment, divided ? Math.Max(1, deployment.Spec.Resources?.Gpu?.Count ?? 1) : 1);
        if (!divided) return flags;
        string[] sizes = ["tensor-parallel-size", "pipeline-parallel-size", "data-parallel-size"];
        return [.. flags, .. sizes.Where(s => flags.All(f => f.Name != s)).Select(s => new EngineFlag(s, "1"))];
    }

    private static (IReadOnlyList<EngineFlag> Flags, IReadOnlyList<string> Unwritable) Further(IReadOnlyList<string> words)
    {
        var (flags, rest) = (new List<EngineFlag>(), new List<string>());
        foreach (var word in words)
        {
            if (word.StartsWith("--", StringComparison.Ordinal) && word.Length > 2)
            {
                var parts = word[2..].Split('=', 2);
                if (flags.Exists(f => f.Name == parts[0])) rest.Add(word);
                else flags.Add(new EngineFlag(parts[0], parts.Length > 1 ? parts[1] : null));
            }
            else if (flags.Count > 0 && flags[^1].Value is null && (!word.StartsWith('-') || double.TryParse(word, out _)))
            {
                flags[^1] = flags[^1] with { Value = word };
            }
            else
            {
                rest.Add(word);
            }
        }

        return (flags, rest);
    }

    // JSON's strings are YAML's double-quoted ones.
    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
