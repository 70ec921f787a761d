using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Discover;

/// <summary>Whether a model fits on what there is, with the reason.</summary>
/// <param name="Where">On what.</param>
/// <param name="Words">The verdict.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Tone">How the verdict is.</param>
/// <param name="Share">How much of the memory it takes; null when that is not known.</param>
/// <param name="WholeBytes">The memory, bytes.</param>
/// <param name="Parts">What is taken of it; they add up.</param>
/// <param name="Speed">How fast an answer would be; null when that is not known.</param>
public sealed record MachineFit(string Where, string Words, string Reason, Tone Tone, double? Share, long WholeBytes, IReadOnlyList<BarPart> Parts, SpeedAnswer? Speed)
{
    // Above it, a machine has no room for what else it does. A convention of this page, no measurement.
    private const double Tight = 0.8;

    /// <summary>Keys of the accelerators that there are, each once.</summary>
    public static IReadOnlyList<string> Accelerators(CapacityAnswer capacity) =>
        [.. capacity.Nodes.SelectMany(static n => n.Devices).Select(static d => d.Accelerator).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>On the accelerators that there are, the best first; on a machine without any, in its main memory.</summary>
    public static IReadOnlyList<MachineFit> Of(ModelAnswer model, CapacityAnswer capacity)
    {
        var here = Accelerators(capacity);
        if (here.Count > 0) return [.. model.Accelerators.Where(a => here.Contains(a.Accelerator, StringComparer.Ordinal)).Select(Of).OrderBy(static f => f.Tone)];
        return [.. capacity.Nodes.Where(static n => n.MemoryBytes is > 0).OrderByDescending(static n => n.MemoryBytes).Take(1).Select(n => OfMemory(model, n.Name, n.MemoryBytes!.Value))];
    }

    /// <summary>On an accelerator.</summary>
    public static MachineFit Of(FitAnswer fit)
    {
        var parts = fit.Memory?.Parts.Select(static p => new BarPart(Name(p.Kind), p.Bytes, p.Why)).ToList() ?? [];
        var whole = fit.Memory?.DeviceBytes ?? 0;
        var (words, tone) = fit.Verdict switch
        {
            "Fits" => (fit.Devices > 1 ? T("Fits on {0}", fit.Devices) : T("Fits"), Tone.Good),
            "Tight" => (fit.Devices > 1 ? T("Tight on {0}", fit.Devices) : T("Tight"), Tone.Warn),
            "Refused" => (T("Cannot run here"), Tone.Bad),
            _ => (T("Too large"), Tone.Bad),
        };
        var reason = tone is Tone.Bad && fit.Options is [var option, ..] ? $"{fit.Reason} {option.Message}" : fit.Reason;
        return new MachineFit(fit.Name, words, reason, tone, whole > 0 ? parts.Sum(static p => p.Bytes) / (double)whole : null, whole, parts, fit.Speed);
    }

    /// <summary>In main memory: the weights, and keys and values of the load in 16 bits. What the engine's own code and buffers take is not in it.</summary>
    public static MachineFit OfMemory(ModelAnswer model, string machine, long memory)
    {
        var load = model.Traffic;
        var cache = (long)(model.Model.KvBytesPerToken * (load.PromptTokens + load.OutputTokens) * load.Concurrency);
        List<BarPart> parts =
        [
            new(T("weights"), model.Model.WeightBytes.High, T("read from {0}", model.Model.WeightSource)),
            new(T("cache"), cache, T("{0} a token, {1} tokens, {2} at a time", Say.Bytes((long)model.Model.KvBytesPerToken), load.PromptTokens + load.OutputTokens, load.Concurrency)),
        ];
        var sum = parts.Sum(static p => p.Bytes);
        var share = sum / (double)memory;
        var (words, tone) = share > 1 ? (T("Too large"), Tone.Bad) : share > Tight ? (T("Tight"), Tone.Warn) : (T("Fits"), Tone.Good);
        var reason = share > 1
            ? T("It needs {0}, and {1} has {2}. Take a smaller quantisation, or a machine with more memory.", Say.Bytes(sum), machine, Say.Bytes(memory))
            : T("{0} of the {1} of {2}, without an accelerator. The engine's own buffers come on top.", Say.Bytes(sum), Say.Bytes(memory), machine);
        return new MachineFit(machine, words, reason, tone, share, memory, parts, null);
    }

    /// <summary>By the size that a listing gives alone, where the model itself was not looked at.</summary>
    public static MachineFit? OfListing(FoundFact found, CapacityAnswer capacity)
    {
        var (memory, where) = Largest(capacity);
        if (memory == 0 || Weights(found) is not { } weights) return null;
        var share = weights.Bytes / (double)memory;
        var (words, tone) = share > 1 ? (T("Too large"), Tone.Bad) : share > Tight ? (T("Tight"), Tone.Warn) : (T("Should fit"), Tone.Good);
        var reason = T("Weights of {0} ({1}), {2} with {3}. The cache comes on top: open the model for the whole sum.", Say.Bytes(weights.Bytes), weights.Source, where, Say.Bytes(memory));
        return new MachineFit(where, words, reason, tone, share, memory, [new(T("weights"), weights.Bytes)], null);
    }

    /// <summary>The largest memory that a model could have here, bytes, and whose it is; 0 when that is not known.</summary>
    public static (long Bytes, string Where) Largest(CapacityAnswer capacity) => capacity.Nodes.SelectMany(static n => n.Devices).Where(static d => d.UnitMemoryBytes is > 0)
        .Select(static d => (Bytes: (long)(d.UnitMemoryBytes!.Value * Math.Max(1, d.Total)), Name: $"{d.Total} x {d.Name ?? d.Resource}"))
        .Concat(capacity.Nodes.Where(static n => n.Devices.IsEmpty && n.MemoryBytes is > 0).Select(static n => (Bytes: n.MemoryBytes!.Value, n.Name)))
        .OrderByDescending(static m => m.Bytes).FirstOrDefault();

    private static (long Bytes, string Source)? Weights(FoundFact found) =>
        found.WeightBytes is { } listed ? (listed, T("as listed"))
        // Unpacked weights take two bytes a parameter (float16, bfloat16); how tightly packed ones are is not in a listing.
        : found is { Parameters: { } parameters, Quantization: null } ? (parameters * 2, T("two bytes a parameter"))
        : null;

    private static string Name(string kind) => kind switch
    {
        "Weights" => T("weights"),
        "Cache" => T("cache"),
        "Activations" => T("activations"),
        "Graphs" => T("graphs"),
        "State" => T("recurrent state"),
        "Workspaces" => T("work space"),
        "Context" => T("driver"),
        "Others" => T("other programs"),
        _ => string.Concat(kind.Select((c, i) => char.IsUpper(c) && i > 0 ? $" {char.ToLowerInvariant(c)}" : char.ToLowerInvariant(c).ToString())),
    };
}
