using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Slipway.Gateway.Records.History;

/// <summary>
/// What each deployment did since the gateway began: for an hour in stretches of 10 s, for a day in stretches of 5 min. In memory, which is bounded: about 0.8 MB for a deployment that is busy all day, and
/// nothing for stretches without requests. What the gateway did not see is not there; it is no 0.
/// </summary>
/// <param name="time">The clock, for the end of what is read.</param>
/// <param name="mostDeployments">How many deployments are kept. One more takes the place of the one that was quiet for longest; where all are at work it is not kept.</param>
public sealed class RequestHistory(TimeProvider time, int mostDeployments = 64) : IRequestObserver
{
    /// <summary>The shortest stretch, kept for an hour.</summary>
    public static readonly TimeSpan Finest = TimeSpan.FromSeconds(10);

    /// <summary>The longer stretch, kept for a day.</summary>
    public static readonly TimeSpan Coarsest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, DeploymentSeries> _series = new(StringComparer.Ordinal);
    private readonly Lock _making = new();

    /// <summary>The deployments that are known, as namespace/name.</summary>
    public ImmutableArray<string> Deployments => [.. _series.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What a deployment did, stretch by stretch, oldest first, up to now. Stretches without requests are there and say so; those before the first request to the deployment are not.</summary>
    /// <param name="deployment">The deployment, as namespace/name.</param>
    /// <param name="back">How far back; a day at most.</param>
    /// <param name="step">How long a stretch is at least; rounded up to a multiple of <see cref="Finest"/>, or of <see cref="Coarsest"/> where it is as long or more than an hour is asked for.</param>
    /// <returns>The stretches; none for a deployment that is not known. The last one is not over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A time is not positive.</exception>
    public ImmutableArray<HistoryPoint> Read(string deployment, TimeSpan back, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(back, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return _series.TryGetValue(deployment, out var series) ? series.Read(time.GetUtcNow(), back, step) : [];
    }

    /// <summary>What a deployment did, all in one.</summary>
    /// <param name="deployment">The deployment, as namespace/name.</param>
    /// <param name="back">How far back; a day at most. It begins with the stretch that this falls into.</param>
    /// <returns>The sum; null for a deployment that is not known.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public HistoryPoint? Total(string deployment, TimeSpan back)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(back, TimeSpan.Zero);
        return _series.TryGetValue(deployment, out var series) ? series.Total(time.GetUtcNow(), back) : null;
    }

    /// <inheritdoc/>
    public void Began(string deployment, DateTimeOffset at)
    {
        if (!_series.TryGetValue(deployment, out var series) && (series = Make(deployment, at)) is null) return;
        series.Begin(at);
    }

    /// <inheritdoc/>
    public void Ended(in RequestRecord record)
    {
        if (record.Deployment is { } deployment && _series.TryGetValue(deployment, out var series)) series.End(record);
    }

    private DeploymentSeries? Make(string deployment, DateTimeOffset at)
    {
        lock (_making)
        {
            if (_series.TryGetValue(deployment, out var made)) return made;
            if (_series.Count >= mostDeployments)
            {
                var quiet = _series.Select(static s => (s.Key, s.Value.State)).Where(static s => s.State.Idle).OrderBy(static s => s.State.Changed).FirstOrDefault();
                if (quiet.Key is null) return null;
                _series.TryRemove(quiet.Key, out _);
            }

            return _series[deployment] = new DeploymentSeries(at);
        }
    }
}
