using Slipway.Api.Rollouts;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Rollouts;

/// <summary>What the page says of a rollout.</summary>
internal static class RolloutFacts
{
    public static RolloutPhase Phase(this ModelRollout rollout) => rollout.Status?.Phase ?? RolloutPhase.Pending;

    public static string Path(this ModelRollout rollout) => $"rollouts/{Uri.EscapeDataString(rollout.Metadata.Namespace ?? "default")}/{Uri.EscapeDataString(rollout.Metadata.Name ?? "")}";

    /// <summary>Whether it is not over.</summary>
    public static bool IsUnderWay(this ModelRollout rollout) => rollout.Phase() is not (RolloutPhase.Promoted or RolloutPhase.RolledBack);

    /// <summary>Whether it is over, so that it may be cleared away.</summary>
    public static bool IsOver(this ModelRollout rollout) => !rollout.IsUnderWay() && rollout.Metadata.DeletionTimestamp is null;

    public static bool MayApprove(this ModelRollout rollout) => rollout.Phase() is RolloutPhase.Paused;

    public static bool MayAbort(this ModelRollout rollout) =>
        rollout.Phase() is RolloutPhase.Pending or RolloutPhase.Provisioning or RolloutPhase.Progressing or RolloutPhase.Paused && rollout.Spec.Abort != true;

    public static bool MayUndo(this ModelRollout rollout) => rollout.Phase() is RolloutPhase.Promoting && rollout.Spec.Abort != true;

    public static string State(this ModelRollout rollout) => rollout.Phase() switch
    {
        RolloutPhase.Pending => T("Has not begun"),
        RolloutPhase.Provisioning => T("Brings the candidate up"),
        RolloutPhase.Progressing => T("Under way"),
        RolloutPhase.Paused => T("Waits for you"),
        RolloutPhase.Promoting => T("Took the place"),
        RolloutPhase.Promoted => T("Done"),
        RolloutPhase.RollingBack => T("Goes back"),
        _ => T("Turned down"),
    };

    public static Tone Tone(this ModelRollout rollout) => rollout.Phase() switch
    {
        RolloutPhase.Promoting or RolloutPhase.Promoted => Ui.Tone.Good,
        RolloutPhase.RollingBack or RolloutPhase.RolledBack => Ui.Tone.Bad,
        RolloutPhase.Progressing or RolloutPhase.Provisioning => Ui.Tone.Accent,
        _ => Ui.Tone.Warn,
    };

    public static Tone VerdictTone(string verdict) => verdict switch
    {
        "Pass" => Ui.Tone.Good,
        "Fail" => Ui.Tone.Bad,
        "Running" => Ui.Tone.Accent,
        _ => Ui.Tone.Warn,
    };

    public static string VerdictWords(string verdict) => verdict switch
    {
        "Pass" => T("Passed"),
        "Fail" => T("Failed"),
        "Running" => T("Being asked"),
        "Stopped" => T("Broken off"),
        _ => T("No verdict"),
    };

    /// <summary>The message without the command line's advice: there are buttons for that here.</summary>
    public static string Message(this ModelRollout rollout)
    {
        var message = rollout.Status?.Message ?? T("No controller has looked at it yet");
        var advice = message.IndexOf(" (slipway rollout", StringComparison.Ordinal);
        return advice < 0 ? message : message[..advice];
    }

    public static string Name(LatencyMeasure measure) => measure switch
    {
        LatencyMeasure.FirstToken => T("First token"),
        LatencyMeasure.BetweenTokens => T("Time between tokens"),
        _ => T("Whole answer"),
    };

    /// <summary>The quantiles of a rollout's limits in time: those that it declares, then that of costs.</summary>
    public static IReadOnlyList<double?> Limits(ModelRollout rollout) => [.. (rollout.Spec.Latency ?? []).Select(static l => l.Quantile), .. rollout.Spec.Cost is { } cost ? [cost.Quantile] : Array.Empty<double?>()];

    /// <summary>The limits of a limit by the size of requests; empty where it has none.</summary>
    public static string Sizes(LatencyEvidence limit) => limit.Sizes is not { Count: > 0 } sizes ? "" :
        T(" (by size: {0})", string.Join(", ", sizes.Select(static s => s.UpToBytes is { } bytes ? T("{0} to {1} KiB", Say.Seconds(s.LimitSeconds), bytes >> 10) : T("{0} above", Say.Seconds(s.LimitSeconds)))));
}
