using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts.Parity;
using Slipway.Operator.Rollouts.Shadowing;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Rollouts;

/// <summary>What steps of parity and shadow rest on, at one moment.</summary>
internal sealed record StepView
{
    /// <summary>Draws recorded requests, of those that a status has not behind it; or says why there are none.</summary>
    public Func<ShadowStep, ShadowStatus?, (ShadowSetup? Setup, string? Problem)> Recorded { get; init; } = static (_, _) => (null, "No requests are recorded here");

    /// <summary>What the recorded requests that are asked now have shown; null while none are.</summary>
    public ShadowRunState? Replay { get; init; }

    /// <summary>The candidate's live copies since they were last written down.</summary>
    public SeenCopies Copies { get; init; } = SeenCopies.None;

    /// <summary>Makes a comparison ready, or says why that cannot be.</summary>
    public Func<ParityStep, (ParitySetup? Setup, string? Problem)> Parity { get; init; } = static _ => (null, "There are no suites here");

    /// <summary>What the comparison that goes on now has shown; null while none does.</summary>
    public ParityRunState? Compared { get; init; }
}

/// <summary>Recorded requests to be asked.</summary>
/// <param name="Setup">What is asked; null for what is asked already.</param>
/// <param name="From">What is behind it.</param>
/// <param name="Grades">The grades so far; null where nothing is graded.</param>
internal sealed record ReplayAsk(ShadowSetup? Setup, ShadowStatus From, GateStatus? Grades);

/// <summary>Prompts of which both sides are to be compared.</summary>
/// <param name="Setup">What is compared.</param>
/// <param name="From">What is behind it.</param>
internal sealed record ParityAsk(ParitySetup Setup, ParityStatus From);
