using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Models.Profiles;

namespace Slipway.Commands.Models;

/// <summary>What a model is, for people and as JSON.</summary>
internal static class ModelFacts
{
    public static IEnumerable<(string Name, string Value)> Of(ModelProfile p)
    {
        yield return ("Model", p.Identity.Id);
        yield return ("Architecture", Text($"{p.Identity.Architecture}, {p.Shape.Layers} layers, {p.Attention.Kind}"));
        yield return ("Parameters", Count(p.Parameters.Total) + (p.Experts is { } e
            ? Text($", {Count(p.Parameters.Active)} active ({e.ActivePerToken} of {e.Total} experts)") : ""));
        var q = p.Weights.Quantization;
        yield return ("Weights", Gib(p.Weights.Bytes) + (q.IsQuantized ? $", {q.Method}{(q.Scheme.Length > 0 ? " " + q.Scheme : "")}" : p.Shape.ComputeType.Length > 0 ? $", {p.Shape.ComputeType}" : ""));
        yield return ("Cache", Text($"{CacheMath.BytesPerToken(p.Attention, KvCacheType.Bits16) / 1024:0.#} KiB a token in 16 bits"));
        yield return ("Context", p.Context.Length is { } length ? Text($"{length:N0} tokens") : "unknown");
        yield return ("Chat template", p.Serving.HasChatTemplate switch { true => p.Serving.CallsTools == true ? "yes, with tools" : "yes", false => "no", null => "unknown" });
        yield return ("Licence", p.Serving.Licence ?? "unknown");
    }

    public static JsonObject Json(ModelProfile p) => new()
    {
        ["id"] = p.Identity.Id,
        ["architecture"] = p.Identity.Architecture,
        ["layers"] = p.Shape.Layers,
        ["attention"] = p.Attention.Kind,
        ["parameters"] = Json(p.Parameters.Total),
        ["activeParameters"] = Json(p.Parameters.Active),
        ["experts"] = p.Experts is { } e ? new JsonObject { ["total"] = e.Total, ["activePerToken"] = e.ActivePerToken, ["shared"] = e.Shared } : null,
        ["weightBytes"] = Json(p.Weights.Bytes),
        ["weightSource"] = p.Weights.Source.ToString(),
        ["quantization"] = p.Weights.Quantization.IsQuantized ? new JsonObject { ["method"] = p.Weights.Quantization.Method, ["scheme"] = p.Weights.Quantization.Scheme } : null,
        ["kvBytesPerToken"] = CacheMath.BytesPerToken(p.Attention, KvCacheType.Bits16),
        ["contextLength"] = p.Context.Length,
        ["chatTemplate"] = p.Serving.HasChatTemplate,
        ["callsTools"] = p.Serving.CallsTools,
        ["licence"] = p.Serving.Licence,
        ["notes"] = new JsonArray([.. p.Notes.Select(static n => (JsonNode)n.Message)]),
    };

    private static JsonObject Json(Bounds bounds) => new() { ["low"] = bounds.Low, ["high"] = bounds.High };

    private static string Count(Bounds count) => count.IsExact ? Count(count.Low) : $"{Count(count.Low)} to {Count(count.High)}";

    private static string Count(long count) => count >= 1_000_000_000 ? Text($"{count / 1e9:0.##} billion") : Text($"{count / 1e6:0.##} million");

    private static string Gib(Bounds bytes) => bytes.IsExact ? Size(bytes.Low) : $"{Size(bytes.Low)} to {Size(bytes.High)}";

    private static string Size(long bytes) => bytes >= 1L << 30 ? Text($"{bytes / (double)(1L << 30):0.##} GiB") : Text($"{bytes / (double)(1L << 20):0.##} MiB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
