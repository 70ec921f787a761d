using System.Collections.Concurrent;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Load;

/// <summary>How busy each deployment's engines were and what it cost, since this process began: an hour in stretches of 10 s, a day in stretches of 5 min. In memory, about 0.1 MB a deployment.</summary>
/// <param name="time">The clock, for the end of what is read.</param>
/// <param name="mostDeployments">How many deployments are kept; one more takes the place of the one that was sampled longest ago.</param>
public sealed class LoadHistory(TimeProvider time, int mostDeployments = 512)
{
    /// <summary>The shortest stretch, kept for an hour.</summary>
    public static readonly TimeSpan Finest = TimeSpan.FromSeconds(10);

    /// <summary>The longer stretch, kept for a day.</summary>
    public static readonly TimeSpan Coarsest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<NamespacedName, LoadSeries> _series = new();

    /// <summary>Keeps a sample.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="sample">The sample.</param>
    public void Add(NamespacedName deployment, LoadSample sample)
    {
        if (!_series.TryGetValue(deployment, out var series))
        {
            if (_series.Count >= mostDeployments) _series.TryRemove(_series.MinBy(static s => s.Value.Changed).Key, out _);
            series = _series.GetOrAdd(deployment, static _ => new LoadSeries());
        }

        series.Add(time.GetUtcNow(), sample);
    }

    /// <summary>What was sampled of a deployment, the oldest stretch first; stretches without a sample are left out.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="back">How far back; a day at most.</param>
    /// <param name="step">How long a stretch is at least; rounded up to a multiple of <see cref="Finest"/>, or of <see cref="Coarsest"/> where it is as long or more than an hour is asked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">A time is not positive.</exception>
    public IReadOnlyList<LoadPoint> Read(NamespacedName deployment, TimeSpan back, TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(back, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return _series.TryGetValue(deployment, out var series) ? series.Read(time.GetUtcNow(), back, step) : [];
    }
}
