using System.Globalization;
using Slipway.Api.ModelDeployments;
using Slipway.Models.Memory;

namespace Slipway.Operator.Sizing;

/// <summary>The flags of an engine that decide about memory, from <c>args</c> and <c>extraArgs</c>; the later one of a name wins, as engines read them.</summary>
/// <param name="spec">The engine as the manifest has it.</param>
internal sealed class EngineFlags(EngineSpec? spec)
{
    /// <summary>The settings that decide about memory.</summary>
    /// <remarks>
    /// <c>--quantization</c> is not among them: an engine that quantises as it loads holds the weights as they are stored first
    /// (<see href="https://docs.vllm.ai/en/latest/features/quantization/fp8.html"/>), and a checkpoint that is quantised says so itself.
    /// </remarks>
    public EngineSettings Settings() => new()
    {
        Engine = spec?.Type switch { EngineType.SgLang => ServingEngine.Sglang, EngineType.TrtLlm => ServingEngine.TensorRtLlm, _ => ServingEngine.Vllm },
        Share = Number("gpu-memory-utilization", "mem-fraction-static"),
        MaxSequences = (int?)Whole("max-num-seqs"),
        MaxStepTokens = (int?)Whole("max-num-batched-tokens", "chunked-prefill-size"),
        Graphs = spec?.EnforceEager != true && Text("enforce-eager") is null,
    };

    /// <summary>The value of the first of these flags that is there.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Extra(name) is { } extra) return extra;
            if (spec?.Args?.TryGetValue(name, out var value) == true) return value;
        }

        return null;
    }

    /// <summary>The same as a positive whole number.</summary>
    public long? Whole(params ReadOnlySpan<string> names) =>
        int.TryParse(Text(names), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : null;

    private double? Number(params ReadOnlySpan<string> names) =>
        double.TryParse(Text(names), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 1 ? value : null;

    private string? Extra(string name)
    {
        var flags = spec?.ExtraArgs ?? [];
        for (var i = flags.Count - 1; i >= 0; i--)
        {
            if (flags[i] == $"--{name}") return i + 1 < flags.Count && !flags[i + 1].StartsWith('-') ? flags[i + 1] : "";
            if (flags[i].StartsWith($"--{name}=", StringComparison.Ordinal)) return flags[i][(name.Length + 3)..];
        }

        return null;
    }
}
