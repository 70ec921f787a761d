namespace Slipway.Models.Memory;

/// <summary>Whether a workload fits a layout, and what would make it fit.</summary>
public sealed record Fit
{
    /// <summary>The answer.</summary>
    public required FitVerdict Verdict { get; init; }

    /// <summary>The answer's reason, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>How the replica is spread.</summary>
    public required Layout Layout { get; init; }

    /// <summary>The fullest device's memory; <c>null</c> when the layout itself was refused.</summary>
    public MemoryEstimate? Estimate { get; init; }

    /// <summary>The longest sequence of which the asked number fits, at most what the model takes; 0 when none does.</summary>
    public long LargestContext { get; init; }

    /// <summary>How many sequences of the asked length fit; 0 when not even one does.</summary>
    public long LargestConcurrency { get; init; }

    /// <summary>Changes after which it would fit, the mildest first; empty when it fits.</summary>
    public IReadOnlyList<FitOption> Options { get; init; } = [];
}

/// <summary>Whether something fits.</summary>
public enum FitVerdict
{
    /// <summary>The engine will refuse the layout, whatever the memory.</summary>
    Refused,

    /// <summary>It does not fit.</summary>
    DoesNotFit,

    /// <summary>It fits by less than what an estimate may be wrong by.</summary>
    Tight,

    /// <summary>It fits.</summary>
    Fits,
}

/// <summary>A change that would make something fit.</summary>
/// <param name="Kind">What changes.</param>
/// <param name="Message">The change in words, with its numbers.</param>
/// <param name="Value">The number: tokens, sequences, bits or devices.</param>
public sealed record FitOption(FitOptionKind Kind, string Message, long Value);

/// <summary>What a change is about.</summary>
public enum FitOptionKind
{
    /// <summary>Fewer tokens of context; the value is how many.</summary>
    Context,

    /// <summary>Fewer sequences at once; the value is how many.</summary>
    Concurrency,

    /// <summary>Keys and values in fewer bits; the value is how many.</summary>
    CacheType,

    /// <summary>Weights in fewer bits; the value is how many.</summary>
    Weights,

    /// <summary>More devices for a replica; the value is how many.</summary>
    Devices,
}
