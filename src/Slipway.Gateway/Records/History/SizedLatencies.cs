using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Slipway.Gateway.Records.History;

/// <summary>How long answers lately took by the size of their requests: long prompts take longer, and whoever compares two engines compares like with like.</summary>
/// <param name="time">The clock.</param>
/// <param name="mostDeployments">How many deployments are kept, each in about 13 KB. One more takes the place of one that was quiet for an hour; where there is none it is not kept.</param>
/// <remarks>Sizes are bytes of the request's body, and not tokens: they are the same whoever answers, and known before.</remarks>
public sealed class SizedLatencies(TimeProvider time, int mostDeployments = 64) : IRequestObserver
{
    private static readonly TimeSpan s_generation = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Times> _times = new(StringComparer.Ordinal);

    /// <summary>The largest bodies of each size, bytes, ascending; the last size has no end.</summary>
    public static ImmutableArray<long> Sizes { get; } = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, long.MaxValue];

    /// <summary>The size that a request has.</summary>
    /// <param name="bytes">Bytes of its body.</param>
    /// <returns>Its place in <see cref="Sizes"/>.</returns>
    public static int SizeOf(long bytes)
    {
        var size = 0;
        while (bytes > Sizes[size]) size++;
        return size;
    }

    /// <summary>What a deployment's answers took within the last half hour to hour.</summary>
    /// <param name="deployment">The deployment, as namespace/name.</param>
    /// <returns>For each of <see cref="Sizes"/>; nothing for a deployment that is not known.</returns>
    public ImmutableArray<SizedTimes> Read(string deployment) => _times.TryGetValue(deployment, out var times) ? times.Read(Generation()) : [];

    /// <inheritdoc/>
    public void Began(string deployment, DateTimeOffset at)
    {
        // Only what is through is of interest here.
    }

    /// <inheritdoc/>
    public void Ended(in RequestRecord record)
    {
        if (record is not { Named: false, Outcome: RequestOutcome.Ok, RequestBytes: { } bytes, Deployment: { } deployment }) return;
        var now = Generation();
        if (_times.TryGetValue(deployment, out var times) || (times = Make(deployment, now)) is not null) times.Add(now, SizeOf(bytes), record);
    }

    private long Generation() => time.GetUtcNow().Ticks / s_generation.Ticks;

    private Times? Make(string deployment, long now)
    {
        if (_times.Count >= mostDeployments)
        {
            foreach (var (quiet, times) in _times)
            {
                if (times.Generation < now - 1) _times.TryRemove(quiet, out _);
            }
        }

        return _times.Count >= mostDeployments ? null : _times.GetOrAdd(deployment, static _ => new Times());
    }

    // Two stretches of half an hour, one of which is under way.
    private sealed class Times
    {
        private const int Measures = 3;
        private readonly Lock _gate = new();
        private uint[] _now = new uint[Sizes.Length * Measures * LatencyScale.Steps], _before = new uint[Sizes.Length * Measures * LatencyScale.Steps];

        public long Generation { get; private set; } = long.MinValue;

        public void Add(long generation, int size, in RequestRecord record)
        {
            lock (_gate)
            {
                Turn(generation);
                if (record.TimeToFirstToken is { } first) _now[At(size, 0) + LatencyScale.StepOf(first)]++;
                if (record.InterToken is { } inter) _now[At(size, 1) + LatencyScale.StepOf(inter)]++;
                _now[At(size, 2) + LatencyScale.StepOf(record.Duration)]++;
            }
        }

        public ImmutableArray<SizedTimes> Read(long generation)
        {
            lock (_gate)
            {
                Turn(generation);
                return [.. Sizes.Select((_, size) => new SizedTimes(Sum(size, 0), Sum(size, 1), Sum(size, 2)))];
            }
        }

        private void Turn(long generation)
        {
            if (generation <= Generation) return;
            (_before, _now) = (_now, _before);
            Array.Clear(_now);
            if (generation > Generation + 1) Array.Clear(_before);
            Generation = generation;
        }

        private Latencies Sum(int size, int measure)
        {
            var (steps, from) = (new long[LatencyScale.Steps], At(size, measure));
            for (var i = 0; i < steps.Length; i++) steps[i] = (long)_now[from + i] + _before[from + i];
            return new Latencies(steps, 0);
        }

        private static int At(int size, int measure) => ((size * Measures) + measure) * LatencyScale.Steps;
    }
}

/// <summary>How long answers to requests of one size took. Their means are not kept.</summary>
/// <param name="TimeToFirstToken">Until the first token; streams only.</param>
/// <param name="InterToken">Between two tokens; streams only.</param>
/// <param name="Duration">Until the end.</param>
public sealed record SizedTimes(Latencies TimeToFirstToken, Latencies InterToken, Latencies Duration);
