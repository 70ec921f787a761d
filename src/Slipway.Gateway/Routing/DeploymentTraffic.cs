using Slipway.Gateway.Picking;

namespace Slipway.Gateway.Routing;

/// <summary>Counts the requests of users that a deployment answers; those that name the deployment (<see cref="Routes.DeploymentHeader"/>) are somebody's looking, and not counted.</summary>
public sealed class DeploymentTraffic
{
    private long _requests, _failures;
    private int _inFlight;

    /// <summary>Requests that are through.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Requests that came to nothing: no engine, no answer, a broken one, or an error of the engine's.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Requests that it works on now, counted or not.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>How often its requests may be taken to another engine.</summary>
    public RetryBudget Retries { get; } = new();

    internal void Enter() => Interlocked.Increment(ref _inFlight);

    internal void Leave() => Interlocked.Decrement(ref _inFlight);

    internal void Count(bool failed)
    {
        // The failure first: whoever reads in between sees too few good ones, never too many.
        if (failed) Interlocked.Increment(ref _failures);
        Interlocked.Increment(ref _requests);
    }
}
