using System.Globalization;
using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;

namespace Slipway.Models.Tests.Memory;

/// <summary>Rows of local-measured-cases.csv: peaks that people saw on their own machines.</summary>
internal sealed class MeasuredLocal(IReadOnlyDictionary<string, string> row)
{
    // On this machine a model of 3 million parameters takes 1.3 GB: what its desktop holds is in every figure of it.
    private const string SharedMachineFloor = "segestic/Tinystories-gpt-0.1-3m";

    public static IReadOnlyList<MeasuredLocal> All { get; } =
        [.. Csv.Read(Csv.Shared("data", "local-measured-cases.csv")).Where(static r => r["peak_vram_gb"].Length > 0).Select(static r => new MeasuredLocal(r))];

    /// <summary>
    /// Rows whose settings are known well enough: llama.cpp or ollama on one card of known size, no draft model, a quantisation whose bits
    /// llama.cpp publishes (no vendor's own mix), the model's configuration at hand, and everything on the card: the weights take less than 85 % of it (above that people move layers
    /// to the processor and do not say how many). A figure that one machine shows for three and more models is its monitor's, not the model's. The same figure twice counts once.
    /// </summary>
    public static IReadOnlyList<MeasuredLocal> Chosen { get; } = [.. All.Where(static m => m.LeftOut is null).DistinctBy(static m => (m.Id, m.Gpu, m.Scheme, m.Context, m.Peak))];

    public string Id => row["model"];

    public string Gpu => row["gpu"];

    public string Scheme => row["quant"];

    public long Context => long.Parse(row["context"], CultureInfo.InvariantCulture);

    public double Peak => Number("peak_vram_gb")!.Value;

    public double? Vram => Number("vram_gb");

    public Accelerator Card => Cards.Card(Gpu, Vram!.Value * 0.985);

    public bool IsLlamaCpp => row["engine"] is "llama.cpp" or "ollama";

    public KvCacheType Cache => KvCacheType.Find(row["kv_dtype"].Length == 0 ? "f16" : row["kv_dtype"]) ?? KvCacheType.Bits16;

    public ModelProfile? Profile => LocalModels.Find(Id) is { } plain ? GgufForecast.Of(plain, Scheme) : null;

    /// <summary>Why the row is not compared; null when it is.</summary>
    public string? LeftOut =>
        !IsLlamaCpp ? "another engine, whose share of the card is not stated"
        : row["gpu_count"] != "1" || Vram is null ? "several cards, or one of unknown size"
        : row["spec_decoding"] != "False" ? "a draft model"
        : LocalModels.Find(Id) is not { } plain ? "configuration not at hand"
        : GgufForecast.Of(plain, Scheme) is not { } packed ? "a vendor's own mix of types"
        : packed.Weights.Bytes.High >= Vram.Value * Cards.Gib * 0.85 ? "perhaps partly on the processor"
        : IsStale ? "one figure for three and more models"
        : null;

    private bool IsStale => All.Where(m => m.Gpu == Gpu && m.Peak.Equals(Peak)).Select(static m => m.Id).Distinct(StringComparer.Ordinal).Count() >= 3;

    public MemoryEstimate Estimate()
    {
        // ollama's context is 2,048 unless told otherwise, and the rows say so.
        var bounds = Profile!.Weights.Bytes;
        var middle = Profile! with { Weights = Profile!.Weights with { Bytes = Bounds.Exactly(bounds.Middle) } };
        return MemoryEstimator.Estimate(middle, Card, Layout.Single, new Workload(Context) { Cache = Cache }, new EngineSettings { Engine = ServingEngine.LlamaCpp, OthersBytes = Others });
    }

    public Fit Check() => FitCheck.Check(Profile!, Card, Layout.Single, new Workload(Context) { Cache = Cache }, new EngineSettings { Engine = ServingEngine.LlamaCpp });

    public override string ToString() => $"{Id} {Scheme} {Gpu} {Context}";

    /// <summary>Fractional figures of that card are one submitter's, from one series with the tiny model in it.</summary>
    private long Others => Gpu == "RTX 3060" && row["kv_dtype"] == "f16" && Context == 4608
        ? (long)((All.First(static m => m.Id == SharedMachineFloor).Peak - 0.3) * Cards.Gib)
        : 0;

    private double? Number(string column) => row[column] is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
