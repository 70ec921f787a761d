using System.Globalization;
using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;

namespace Slipway.Models.Tests.Speed;

/// <summary>One row of throughput-cases.csv that can be held against an estimate.</summary>
/// <param name="Model">Which model, whatever its packing.</param>
/// <param name="Gpu">Which accelerator.</param>
/// <param name="Engine">Which engine.</param>
/// <param name="Traffic">The load.</param>
/// <param name="Terms">The work, by the product's own reading of the model.</param>
/// <param name="InterTokenSeconds">Measured.</param>
/// <param name="FirstTokenSeconds">Measured; NaN when the row does not say.</param>
internal sealed record MeasuredRun(string Model, string Gpu, ServingEngine Engine, Traffic Traffic, StepTerms Terms, double InterTokenSeconds, double FirstTokenSeconds)
{
    private static readonly Dictionary<string, Accelerator> s_cards = Csv.Read(Csv.Shared("data", "gpus.csv")).ToDictionary(static r => r["key"], Card, StringComparer.Ordinal);

    /// <summary>
    /// The rows that say what ran. Left out, with reasons: disaggregated runs (prompts go elsewhere); speculative decoding; models and accelerators whose numbers
    /// are not known; answers of 16 tokens and fewer; runs that measured a queue (the first token took more than 3 s and more than half of the time of
    /// the answer, so that far fewer sequences ran than the row's concurrency); DeepSeek-V3, whose rows are those of R1 again.
    /// </summary>
    public static IReadOnlyList<MeasuredRun> All { get; } = [.. Csv.Read(Csv.Shared("data", "throughput-cases.csv")).Select(Of).OfType<MeasuredRun>()];

    public SpeedSample Sample(int alike) => new(Terms, InterTokenSeconds, (Engine == ServingEngine.Vllm ? 6 : 1) * 10 / Math.Sqrt(alike));

    private static MeasuredRun? Of(IReadOnlyDictionary<string, string> row)
    {
        if (row["mode"] != "agg" || row["note"].Contains("speculative", StringComparison.Ordinal) || ServedModels.Key(row["model"]) is not { } model) return null;
        if (CardKey(row["gpu"]) is not { } card || Number(row["tpot_ms"]) is not { } gap || Number(row["concurrency"]) is not { } asked || Number(row["osl"]) is not { } output || output <= 16) return null;
        var engine = row["engine"] switch { "vllm" => ServingEngine.Vllm, "sglang" => ServingEngine.Sglang, _ => ServingEngine.TensorRtLlm };
        var first = Number(row["ttft_ms"]) ?? double.NaN;
        if (first > 3000 && first > gap * output / 2) return null;
        var profile = ServedModels.Of(model, Precision(row, model));
        var layout = new Layout((int)Devices(row), (int)(Number(row["pp"]) ?? 1), Number(row["moe_ep"]) > 1);
        var traffic = new Traffic((int)Number(row["isl"])!.Value, (int)output, (int)asked);
        // NVIDIA's 8-bit checkpoint brings scales for an 8-bit cache, and vLLM's "auto" uses them.
        var cache = row["model"].StartsWith("nvidia/Llama", StringComparison.Ordinal) ? KvCacheType.Fp8 : KvCacheType.Bits16;
        var settings = new EngineSettings { Engine = engine, MaxSequences = 1024 };
        var running = SpeedModel.Running(profile, s_cards[card], layout, traffic, settings, cache);
        // What really ran fitted, whatever the estimate of memory says.
        var terms = StepTerms.Of(profile, s_cards[card], layout, traffic, engine, cache, Math.Max(1, running));
        return terms is { } t ? new(model, card, engine, traffic, t, gap / 1000, first / 1000) : null;
    }

    private static double Devices(IReadOnlyDictionary<string, string> row)
    {
        var tensor = Number(row["tp"]) ?? 1;
        // Rows with data-parallel attention count each device once for each rank: rows of 16 "devices" repeat rows of 4, figure for figure.
        return Number(row["dp"]) > 1 && Number(row["gpus"]) == 16 ? 4 : Math.Max(Number(row["gpus"]) ?? tensor, 1);
    }

    private static string Precision(IReadOnlyDictionary<string, string> row, string model) => row["precision"] switch
    {
        { Length: > 0 } stated => stated,
        _ when model is "gpt-oss-120b" => "fp4",
        _ when model is "deepseek" || row["model"].Contains("FP8", StringComparison.Ordinal) => "fp8",
        _ when row["model"].Contains("AWQ", StringComparison.Ordinal) => "int4",
        _ => "bf16",
    };

    private static string? CardKey(string gpu) => gpu switch
    {
        "h100_sxm" or "H100-SXM-80GB" or "H100" => "h100-sxm",
        "h200_sxm" or "H200-SXM" => "h200-sxm",
        "b200_sxm" => "b200",
        "b300_sxm" => "b300",
        "gb200" => "gb200",
        "A100-SXM-80GB" => "a100-80gb-sxm",
        _ => null,
    };

    private static Accelerator Card(IReadOnlyDictionary<string, string> row) => new()
    {
        Key = row["key"],
        Name = row["name"],
        Vendor = row["vendor"],
        Architecture = row["arch"],
        MemoryBytes = (long)((Number(row["memory_mib_reported"]) * (1 << 20)) ?? (Number(row["memory_gb"]) * 1e9) ?? 0),
        BandwidthBytesPerSecond = Number(row["mem_bw_gbs"]) * 1e9,
        Fp16FlopsPerSecond = Number(row["fp16_tflops_dense"]) * 1e12,
        Fp8FlopsPerSecond = Number(row["fp8_tflops_dense"]) * 1e12,
        Fp4FlopsPerSecond = Number(row["fp4_tflops_dense"]) * 1e12,
        LinkBytesPerSecond = Number(row["link_gbs_bidir"]) * 1e9,
    };

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
