using System.Collections.Immutable;
using Slipway.Models.Memory;

namespace Slipway.Models.Speed.Learning;

/// <summary>What running deployments have shown about speed. Immutable.</summary>
/// <param name="Observations">The observations, by <see cref="SpeedObservation.Key"/>.</param>
public sealed record LearnedSpeed(ImmutableSortedDictionary<string, SpeedObservation> Observations)
{
    /// <summary>The most observations that are kept; those that were not seen for longest go.</summary>
    public const int Most = 500;

    /// <summary>What one observation can weigh at most, requests, so that what was long ago is outweighed by and by.</summary>
    public const long Memory = 2_000;

    // Further off than this, what was measured was something else than what was estimated: a queue, another model under its name.
    private const double Absurd = 20;

    /// <summary>Nothing yet.</summary>
    public static LearnedSpeed None { get; } = new(ImmutableSortedDictionary.Create<string, SpeedObservation>(StringComparer.Ordinal));

    /// <summary>With one more.</summary>
    public LearnedSpeed With(SpeedObservation seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var next = Observations.SetItem(seen.Key, Observations.TryGetValue(seen.Key, out var before) ? Merge(before, seen) : seen);
        while (next.Count > Most) next = next.Remove(next.MinBy(static o => o.Value.Last).Key);
        return new(next);
    }

    /// <summary>What was measured of a model, the latest first.</summary>
    public ImmutableArray<SpeedObservation> Of(string model, string? quantization = null) =>
        [.. Observations.Values.Where(o => o.Model == model && (quantization is null || o.Quantization == quantization)).OrderByDescending(static o => o.Last)];

    /// <summary>By how much estimates of a model, spread over devices in one way, are off.</summary>
    /// <param name="model">The model.</param>
    /// <param name="quantization">Which of several packings; null for the only one.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="device">The key of the accelerator.</param>
    /// <param name="layout">How the replica is spread.</param>
    /// <returns>The correction; null when just that was never measured.</returns>
    /// <remarks>
    /// The median of measured over estimated, one for each load that was seen: one load of the model brings the median error at its other loads from 12 to 7 per cent. What other models on the same
    /// device show is not used, since it makes estimates worse: docs/estimates.md has the figures of both.
    /// </remarks>
    public SpeedCorrection? Correction(string model, string? quantization, ServingEngine engine, string device, Layout layout) =>
        Correction(Observations.Values.Where(o => o.Model == model && o.Quantization == quantization), engine, device, layout);

    /// <summary>The same of observations of one model that are at hand.</summary>
    /// <param name="observations">Observations of one packing of one model.</param>
    /// <param name="engine">The engine.</param>
    /// <param name="device">The key of the accelerator.</param>
    /// <param name="layout">How the replica is spread.</param>
    public static SpeedCorrection? Correction(IEnumerable<SpeedObservation> observations, ServingEngine engine, string device, Layout layout)
    {
        ArgumentNullException.ThrowIfNull(observations);
        var own = observations.Where(o => o.Engine == engine && o.Device == device && o.Layout == layout && Gap(o) is not null).ToList();
        return own.Count == 0 ? null : new(Of(Gap), Of(First), own.Sum(static o => o.Requests), own.Max(static o => o.Last));

        double Of(Func<SpeedObservation, double?> ratio) => Math.Exp(Median([.. own.Select(ratio).OfType<double>()]));
    }

    private static double? Gap(SpeedObservation o) => Log(o.InterTokenSeconds, o.EstimatedInterTokenSeconds);

    private static double? First(SpeedObservation o) => Log(o.FirstTokenSeconds, o.EstimatedFirstTokenSeconds);

    private static double? Log(double? measured, double? estimated) =>
        measured is > 0 and var m && estimated is > 0 and var e && m / e is > 1 / Absurd and < Absurd ? Math.Log(m / e) : null;

    private static double Median(double[] values)
    {
        if (values.Length == 0) return 0;
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    private static SpeedObservation Merge(SpeedObservation before, SpeedObservation seen)
    {
        var (old, more) = ((double)Math.Min(before.Requests, Memory), (double)seen.Requests);
        double Mean(double a, double b) => ((a * old) + (b * more)) / (old + more);
        double? Maybe(double? a, double? b) => a is { } x && b is { } y ? Mean(x, y) : b ?? a;
        return seen with
        {
            PromptTokens = Mean(before.PromptTokens, seen.PromptTokens),
            OutputTokens = Mean(before.OutputTokens, seen.OutputTokens),
            Running = Mean(before.Running, seen.Running),
            InterTokenSeconds = Mean(before.InterTokenSeconds, seen.InterTokenSeconds),
            FirstTokenSeconds = Maybe(before.FirstTokenSeconds, seen.FirstTokenSeconds),
            EstimatedInterTokenSeconds = Maybe(before.EstimatedInterTokenSeconds, seen.EstimatedInterTokenSeconds),
            EstimatedFirstTokenSeconds = Maybe(before.EstimatedFirstTokenSeconds, seen.EstimatedFirstTokenSeconds),
            Requests = (long)old + seen.Requests,
        };
    }
}
