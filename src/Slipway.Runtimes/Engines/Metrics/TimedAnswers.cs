using System.Collections.Immutable;

namespace Slipway.Runtimes.Engines.Metrics;

/// <summary>How long answers took, as an engine has counted them since it began: a cumulative histogram.</summary>
/// <param name="Bounds">The upper bounds of its buckets, seconds, ascending, without the infinite one.</param>
/// <param name="Within">How many answers took no longer than each bound.</param>
/// <param name="Count">All answers.</param>
public sealed record TimedAnswers(ImmutableArray<double> Bounds, ImmutableArray<double> Within, double Count)
{
    /// <summary>No answers.</summary>
    public static TimedAnswers None { get; } = new([], [], 0);

    /// <summary>The smallest bound at or above a limit, which alone can be counted by; null above all bounds.</summary>
    /// <param name="seconds">The limit, seconds.</param>
    public double? BoundFor(double seconds)
    {
        foreach (var bound in Bounds)
        {
            if (bound >= seconds) return bound;
        }

        return null;
    }

    /// <summary>How many took longer than a bound; none above all bounds, of which nothing is known.</summary>
    /// <param name="bound">One of <see cref="Bounds"/>, to a millionth.</param>
    public double Slower(double bound) => BoundFor(bound * (1 - 1e-6)) is { } exact ? Count - Within[Bounds.IndexOf(exact)] : 0;

    /// <summary>The time that a share of the answers does not exceed, by linear interpolation within the bucket, as Prometheus' `histogram_quantile` has it; the last bound where it lies above that.</summary>
    /// <param name="share">The share, from 0 to 1.</param>
    public double Quantile(double share)
    {
        var rank = share * Count;
        for (var i = 0; i < Bounds.Length; i++)
        {
            if (Within[i] < rank) continue;
            var (below, from) = i == 0 ? (0, 0) : (Within[i - 1], Bounds[i - 1]);
            return Within[i] > below ? from + (Bounds[i] - from) * (rank - below) / (Within[i] - below) : Bounds[i];
        }

        return Bounds.IsEmpty ? 0 : Bounds[^1];
    }

    /// <summary>What was counted since an earlier look; all of it when the engine began anew, or has other buckets now.</summary>
    public TimedAnswers Since(TimedAnswers before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return before.Count > Count || !before.Bounds.SequenceEqual(Bounds) ? this : this with { Within = [.. Within.Zip(before.Within, static (now, then) => now - then)], Count = Count - before.Count };
    }

    /// <summary>Both together, as of two replicas; those of one alone where their buckets differ.</summary>
    public TimedAnswers Plus(TimedAnswers other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Bounds.IsEmpty) return this;
        if (Bounds.IsEmpty) return other;
        return other.Bounds.SequenceEqual(Bounds) ? this with { Within = [.. Within.Zip(other.Within, static (a, b) => a + b)], Count = Count + other.Count } : this;
    }
}
