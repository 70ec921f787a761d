using Slipway.Models.Gguf;
using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Profiles;

/// <summary>The metadata of a GGUF file under its architecture's prefix. Absurd numbers read as absent.</summary>
internal sealed class GgufKeys(GgufSummary summary)
{
    /// <summary>What the file calls the architecture; empty when it does not say.</summary>
    public string Architecture { get; } = summary.Architecture ?? "";

    /// <summary>A positive whole number.</summary>
    public int? Count(string name) => summary.Numbers.TryGetValue($"{Architecture}.{name}", out var value) && value is > 0 and <= ConfigNode.MaxCount ? (int)value : null;

    /// <summary>A list with a number for each layer.</summary>
    public IReadOnlyList<long>? List(string name) => summary.Lists.TryGetValue($"{Architecture}.{name}", out var values) && values.Count > 0 ? values : null;
}
