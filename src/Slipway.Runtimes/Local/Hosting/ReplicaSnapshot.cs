namespace Slipway.Runtimes.Local.Hosting;

/// <summary>Where a replica stands.</summary>
public enum ReplicaState
{
    /// <summary>The process is being started, or runs and does not answer yet.</summary>
    Starting,

    /// <summary>It answers, and is still loading its model.</summary>
    Loading,

    /// <summary>It serves.</summary>
    Ready,

    /// <summary>It ended; it is started again after a wait.</summary>
    Backoff,

    /// <summary>It was stopped on purpose.</summary>
    Stopped,
}

/// <summary>One replica at one moment.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Port">Port on 127.0.0.1; it changes with each start, and is 0 before the first.</param>
/// <param name="State">Where it stands.</param>
/// <param name="RestartCount">How often it was started again.</param>
/// <param name="Pid">Its process while there is one.</param>
/// <param name="Reason">Why it is not Ready, in one word for conditions, for example <c>OutOfMemory</c>; see <see cref="ReplicaReasons"/>. Kept from the last failure while it starts again.</param>
/// <param name="Message">The same for people, with the last error lines of the log.</param>
public sealed record ReplicaSnapshot(int Index, int Port, ReplicaState State, int RestartCount, int? Pid, string? Reason, string? Message);

/// <summary>All replicas of a deployment at one moment.</summary>
/// <param name="Name">Name of the deployment.</param>
/// <param name="Spec">What they serve.</param>
/// <param name="Replicas">The replicas by index.</param>
public sealed record EngineSnapshot(string Name, EngineSpec Spec, IReadOnlyList<ReplicaSnapshot> Replicas)
{
    /// <summary>Replicas that serve now.</summary>
    public int ReadyCount => Replicas.Count(static r => r.State == ReplicaState.Ready);
}

/// <summary>Reasons of a replica that does not serve.</summary>
public static class ReplicaReasons
{
    /// <summary>The engine could not be started at all.</summary>
    public const string StartFailed = "StartFailed";

    /// <summary>It was not ready within the start deadline.</summary>
    public const string StartTimeout = "StartTimeout";

    /// <summary>It stopped answering its health check.</summary>
    public const string Unresponsive = "Unresponsive";

    /// <summary>Another process took the port first.</summary>
    public const string PortInUse = "PortInUse";

    /// <summary>The machine has too little memory for the model and its context.</summary>
    public const string OutOfMemory = "OutOfMemory";

    /// <summary>The model file is damaged or not there.</summary>
    public const string ModelUnreadable = "ModelUnreadable";

    /// <summary>This engine does not know the model's architecture.</summary>
    public const string ModelUnsupported = "ModelUnsupported";

    /// <summary>The engine refused one of its arguments.</summary>
    public const string BadArgument = "BadArgument";

    /// <summary>It was killed by a signal from outside.</summary>
    public const string Killed = "Killed";

    /// <summary>It ended by itself, for a reason that is only in its log.</summary>
    public const string Crashed = "Crashed";
}
