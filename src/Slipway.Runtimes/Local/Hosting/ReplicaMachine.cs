namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Everything that is known of a replica; a new one for each change.</summary>
internal sealed record ReplicaStatus
{
    public required ReplicaState State { get; init; }

    public int Port { get; init; }

    public int? Pid { get; init; }

    public int RestartCount { get; init; }

    /// <summary>Failures in a row; the wait before the next start follows from it.</summary>
    public int Failures { get; init; }

    public int PortRetries { get; init; }

    public int MissedProbes { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? ReadySince { get; init; }

    /// <summary>When a replica in backoff is started again.</summary>
    public DateTimeOffset RetryAt { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    /// <summary>Why the process is being ended by its supervisor; the exit that follows is told with it.</summary>
    public bool Ending { get; init; }
}

/// <summary>What happened to a replica.</summary>
internal abstract record ReplicaEvent
{
    public sealed record Started(int Pid, int Port) : ReplicaEvent;

    public sealed record StartFailed(string Message) : ReplicaEvent;

    public sealed record Probed(EngineHealth Health) : ReplicaEvent;

    public sealed record Exited(string Reason, string Message) : ReplicaEvent;

    public sealed record Stopped : ReplicaEvent;
}

/// <summary>What to do next about a replica.</summary>
internal enum ReplicaAction
{
    None,

    /// <summary>End the process: it is late or hung.</summary>
    End,
}

/// <summary>How a replica's state follows from what happens to it. Pure.</summary>
/// <remarks>
/// <code>
///              Started           Probed(Ok)
///   Starting ───────────► Loading ─────────► Ready
///      ▲                     │ Exited           │ Exited, or hung
///      └──── RetryAt ───── Backoff ◄────────────┘        any ── Stopped ──► Stopped
/// </code>
/// </remarks>
internal static class ReplicaMachine
{
    public static (ReplicaStatus Status, ReplicaAction Action) Step(
        ReplicaStatus status, ReplicaEvent happened, DateTimeOffset now, LocalEngineHostOptions options, TimeSpan startDeadline) => happened switch
        {
            ReplicaEvent.Stopped => (status with { State = ReplicaState.Stopped, Pid = null }, ReplicaAction.None),
            ReplicaEvent.Started started => (status with
            {
                State = ReplicaState.Starting,
                Pid = started.Pid,
                Port = started.Port,
                StartedAt = now,
                ReadySince = null,
                MissedProbes = 0,
                Ending = false,
            }, ReplicaAction.None),
            ReplicaEvent.StartFailed failed => (Fail(status, ReplicaReasons.StartFailed, failed.Message, now, options), ReplicaAction.None),
            // The reason for which the supervisor ended it says more than "terminated".
            ReplicaEvent.Exited exited => (status.Ending
                ? Fail(status, status.Reason!, status.Message!, now, options)
                : Fail(status, exited.Reason, exited.Message, now, options), ReplicaAction.None),
            ReplicaEvent.Probed when status.Ending => (status, ReplicaAction.None),
            ReplicaEvent.Probed { Health: EngineHealth.Ok } => (status with
            {
                State = ReplicaState.Ready,
                ReadySince = status.ReadySince ?? now,
                MissedProbes = 0,
                PortRetries = 0,
                Reason = null,
                Message = null,
            }, ReplicaAction.None),
            ReplicaEvent.Probed probed when status.State == ReplicaState.Ready => Missed(status, probed.Health, options),
            ReplicaEvent.Probed probed => Unready(status, probed.Health, now, startDeadline),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, "An event without a rule."),
        };

    private static (ReplicaStatus, ReplicaAction) Missed(ReplicaStatus status, EngineHealth health, LocalEngineHostOptions options)
    {
        // Loading again: llama-server unloads its model when it sleeps; it answers, so it is not hung.
        if (health == EngineHealth.Loading) return (status with { State = ReplicaState.Loading, MissedProbes = 0 }, ReplicaAction.None);
        var missed = status.MissedProbes + 1;
        return missed < options.MaxMissedProbes
            ? (status with { MissedProbes = missed }, ReplicaAction.None)
            : End(status, ReplicaReasons.Unresponsive, $"The engine did not answer {missed} health checks in a row; it is started again.");
    }

    private static (ReplicaStatus, ReplicaAction) Unready(ReplicaStatus status, EngineHealth health, DateTimeOffset now, TimeSpan startDeadline)
    {
        if (now - status.StartedAt >= startDeadline)
        {
            return End(status, ReplicaReasons.StartTimeout,
                $"The engine was not ready after {startDeadline.TotalSeconds:0} s. A smaller model or context starts faster; the log shows how far it came.");
        }

        return (status with { State = health == EngineHealth.Loading ? ReplicaState.Loading : status.State }, ReplicaAction.None);
    }

    private static (ReplicaStatus, ReplicaAction) End(ReplicaStatus status, string reason, string message) =>
        (status with { Ending = true, Reason = reason, Message = message }, ReplicaAction.End);

    private static ReplicaStatus Fail(ReplicaStatus status, string reason, string message, DateTimeOffset now, LocalEngineHostOptions options)
    {
        var next = status with
        {
            State = ReplicaState.Backoff,
            Pid = null,
            ReadySince = null,
            Ending = false,
            RestartCount = status.RestartCount + 1,
            Reason = reason,
            Message = message,
        };
        // Bad luck with a port is not the engine's failure: another port, at once.
        if (reason == ReplicaReasons.PortInUse && status.PortRetries < options.MaxPortRetries)
            return next with { PortRetries = status.PortRetries + 1, RetryAt = now };
        var failures = status.ReadySince is { } since && now - since >= options.ForgetFailuresAfter ? 1 : status.Failures + 1;
        return next with { Failures = failures, RetryAt = now + Backoff(failures, options) };
    }

    /// <summary>1 s, 2 s, 4 s ... up to the longest.</summary>
    private static TimeSpan Backoff(int failures, LocalEngineHostOptions options)
    {
        var wait = options.FirstBackoff * Math.Pow(2, Math.Min(failures - 1, 20));
        return wait < options.MaxBackoff ? wait : options.MaxBackoff;
    }
}
