using System.Globalization;
using Slipway.Capacity.Answers.Models;

namespace Slipway.Commands.Models;

/// <summary>What a model is, as a table shows it.</summary>
internal static class ModelFacts
{
    public static IEnumerable<(string Name, string Value)> Of(ModelFact m)
    {
        yield return ("Model", m.Id);
        yield return ("Architecture", Text($"{m.Architecture}, {m.Layers} layers, {m.Attention}"));
        yield return ("Parameters", Range(m.Parameters, Count) + (m.Experts is { } e ? Text($", {Range(m.ActiveParameters, Count)} active ({e.ActivePerToken} of {e.Total} experts)") : ""));
        yield return ("Weights", Range(m.WeightBytes, Size) + (m.Quantization is { } q ? $", {q.Method}{(q.Scheme.Length > 0 ? " " + q.Scheme : "")}" : m.ComputeType.Length > 0 ? $", {m.ComputeType}" : ""));
        yield return ("Cache", Text($"{m.KvBytesPerToken / 1024:0.#} KiB a token in 16 bits"));
        yield return ("Context", m.ContextLength is { } length ? Text($"{length:N0} tokens") : "unknown");
        yield return ("Chat template", m.ChatTemplate switch { true => m.CallsTools == true ? "yes, with tools" : "yes", false => "no", null => "unknown" });
        yield return ("Licence", m.Licence ?? "unknown");
    }

    private static string Range(RangeFact range, Func<long, string> show) => range.Low == range.High ? show(range.Low) : $"{show(range.Low)} to {show(range.High)}";

    private static string Count(long count) => count >= 1_000_000_000 ? Text($"{count / 1e9:0.##} billion") : Text($"{count / 1e6:0.##} million");

    private static string Size(long bytes) => bytes >= 1L << 30 ? Text($"{bytes / (double)(1L << 30):0.##} GiB") : Text($"{bytes / (double)(1L << 20):0.##} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
