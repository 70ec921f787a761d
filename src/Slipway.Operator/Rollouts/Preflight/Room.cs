namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>Whether a candidate fits beside what runs, before it is made.</summary>
/// <param name="Fits">Whether it does; null where that cannot be told, which stops nothing.</param>
/// <param name="Text">What was found, as the end of a sentence that begins with nothing: how many are needed, how many are free, who has the others.</param>
internal sealed record Room(bool? Fits, string Text)
{
    /// <summary>Accelerators of a replica of the candidate; null where that is not known.</summary>
    public int? CandidateEach { get; init; }

    /// <summary>Accelerators of a replica of the deployment as it is; null where that is not known.</summary>
    public int? StableEach { get; init; }

    /// <summary>Accelerators that the candidate could have now; null where that is not known.</summary>
    public long? Free { get; init; }

    /// <summary>What an accelerator costs an hour at the most, USD, where the candidate may come to; null where that is not known.</summary>
    public double? AcceleratorPrice { get; init; }

    /// <summary>Why that is not known; null where it is.</summary>
    public string? NoPrice { get; init; }

    /// <summary>What a replica of the candidate costs as a multiple of what one of the deployment costs; null where that is not known, or nobody asked.</summary>
    public double? CostFactor { get; init; }

    /// <summary>Why that is not known; null where it is.</summary>
    public string? NoFactor { get; init; }

    /// <summary>What has to be waited for before anything can be told, in words; null for nothing.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Who runs the deployment, where that is somebody else's controller, which decides how many replicas there are; null where it is Slipway.</summary>
    public string? RunBy { get; init; }

    /// <summary>Nothing is known.</summary>
    public static Room Unknown(string why) => new(null, why);
}
