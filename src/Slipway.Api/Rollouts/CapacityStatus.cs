namespace Slipway.Api.Rollouts;

/// <summary>Who has how many replicas while a rollout is under way. What both have follows from this, so that nothing is lost whenever a process ends.</summary>
public sealed record CapacityStatus
{
    /// <summary>How many replicas the deployment had when the rollout began, and gets back.</summary>
    public int Replicas { get; init; }

    /// <summary>How many of them it has now.</summary>
    public int StableReplicas { get; init; }

    /// <summary>How many the candidate has now.</summary>
    public int CandidateReplicas { get; init; }

    /// <summary>Accelerators of a replica of the deployment; null where that is not known.</summary>
    public int? StableAccelerators { get; init; }

    /// <summary>Accelerators of a replica of the candidate; null where that is not known.</summary>
    public int? CandidateAccelerators { get; init; }

    /// <summary>What an accelerator of the candidate costs an hour at the most, USD; null where that is not known, or matters to nobody.</summary>
    public double? AcceleratorPrice { get; init; }

    /// <summary>What a second of a replica of the candidate costs, as a multiple of what one of the deployment's costs; null where no limit asks for it.</summary>
    public double? CostFactor { get; init; }

    /// <summary>The name of the control replica's ModelDeployment; null where there is none.</summary>
    public string? ControlName { get; init; }
}
