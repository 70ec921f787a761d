namespace Slipway.Api.Rollouts;

/// <summary>The evidence of a shadow step: all that it takes to go on after a crash, or to compute the verdict by hand. Grades are in status.gates, under the name `shadow`.</summary>
public sealed record ShadowStatus
{
    /// <summary>The name under which its grades stand in status.gates.</summary>
    public const string GateName = "shadow";

    /// <summary>The step that it belongs to, from 0.</summary>
    public int Step { get; init; }

    /// <summary>Where the requests come from.</summary>
    public required ShadowSource Source { get; init; }

    /// <summary>Pass, Fail, Undecided or Running.</summary>
    public required string Verdict { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The seed of the order in which recorded requests are asked.</summary>
    public long Seed { get; init; }

    /// <summary>Recorded requests that are behind it.</summary>
    public long Asked { get; init; }

    /// <summary>Recorded requests that were drawn.</summary>
    public long Total { get; init; }

    /// <summary>Where it is in the order: what stands there and before is not asked again.</summary>
    public string? Position { get; init; }

    /// <summary>Recordings that cannot be asked again, such as those with pictures, which are not kept.</summary>
    public long LeftOut { get; init; }

    /// <summary>Requests that the candidate answered, or failed.</summary>
    public long Requests { get; init; }

    /// <summary>Those that came to nothing.</summary>
    public long Failures { get; init; }

    /// <summary>Those that never reached it: neither right nor wrong.</summary>
    public long Missing { get; init; }

    /// <summary>Live copies that were dropped, since as many were asked already as may be, or were too large.</summary>
    public long Dropped { get; init; }

    /// <summary>How many took longer than they may, limit by limit.</summary>
    public IReadOnlyList<LatencyEvidence>? Latency { get; init; }

    /// <summary>Limits of spec.latency that could not be counted here, with why.</summary>
    public IReadOnlyList<string>? NotCounted { get; init; }
}
