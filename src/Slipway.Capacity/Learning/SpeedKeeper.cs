using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Learning;

/// <summary>Learns from what runs how fast models are, minute by minute.</summary>
/// <param name="store">Where it is kept.</param>
/// <param name="look">Looks at all replicas; those that do not answer are left out.</param>
/// <param name="time">The clock.</param>
public sealed class SpeedKeeper(ISpeedStore store, Func<CancellationToken, Task<IReadOnlyList<ReplicaLook>>> look, TimeProvider time)
{
    /// <summary>Time between two looks.</summary>
    public static TimeSpan Look { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Called with each reason why what was learned could not be read or written.</summary>
    public event Action<string>? Failed;

    /// <summary>Runs until it is stopped. Nothing is written while nothing is asked of the models.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (learned, fault) = await store.ReadAsync(cancellationToken);
        if (fault is not null) Failed?.Invoke(fault);
        using var timer = new PeriodicTimer(Look, time);
        var (before, at) = (new Dictionary<string, ReplicaLook>(), time.GetUtcNow());
        do
        {
            var looks = await look(cancellationToken);
            var now = time.GetUtcNow();
            var next = learned;
            // A clock that jumped, or a machine that slept, says nothing of how much came in how long.
            if (now - at <= Look + Look) next = Seen(looks, before, now - at, now).Aggregate(learned, static (l, o) => l.With(o));
            (before, at) = (looks.ToDictionary(static l => l.Replica, StringComparer.Ordinal), now);
            if (!ReferenceEquals(next, learned) && await store.WriteAsync(next, cancellationToken) is { } why) Failed?.Invoke(why);
            learned = next;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private static IEnumerable<SpeedObservation> Seen(IReadOnlyList<ReplicaLook> looks, Dictionary<string, ReplicaLook> before, TimeSpan over, DateTimeOffset now) => looks
        .Select(l => (l.Subject, Between: before.TryGetValue(l.Replica, out var last) && Alike(last.Subject, l.Subject) ? l.Counters.Since(last.Counters) : null))
        .Where(static s => s.Between is not null)
        .GroupBy(static s => (s.Subject.Model, s.Subject.Quantization, s.Subject.Engine, s.Subject.Device, s.Subject.Layout))
        .Select(g => g.First().Subject.Observe(g.Aggregate(new EngineCounters(), static (sum, s) => sum.Plus(s.Between!.Value)), g.Count(), over, now))
        .OfType<SpeedObservation>();

    private static bool Alike(SpeedSubject a, SpeedSubject b) =>
        (a.Model, a.Quantization, a.Engine, a.Device, a.Layout) == (b.Model, b.Quantization, b.Engine, b.Device, b.Layout);
}
