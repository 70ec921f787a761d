using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Tests.Statistics;

/// <summary>Alarms about scores that fall.</summary>
public sealed class DriftDetectorTests
{
    [Fact]
    public void Scores_that_have_fallen_by_no_more_than_the_margin_raise_no_alarm_for_as_long_as_was_asked_on_average()
    {
        // At the boundary, where it is hardest: right 90 times in 100 before, and 80 now.
        var detector = new DriftDetector(0.1, 300);
        var random = new Random(1);
        var lengths = Enumerable.Range(0, 200).Select(_ => Length(detector, random, 0.9, 0.8, 6_000)).ToArray();
        Assert.True(lengths.Average() >= 300, $"{lengths.Average()}");
    }

    [Fact]
    public void A_fall_is_found_soon_however_long_all_was_well_before()
    {
        var detector = new DriftDetector(0.05, 10_000);
        var random = new Random(2);
        var evidence = DriftDetector.Start;
        for (var i = 0; i < 5_000; i++) evidence = Observe(detector, evidence, random, 0.9, 0.9);
        Assert.False(detector.IsAlarm(evidence));
        var late = 0;
        for (; !detector.IsAlarm(evidence); late++) evidence = Observe(detector, evidence, random, 0.9, 0.6);
        Assert.InRange(late, 1, 400);
        Assert.Equal(1, detector.Share(evidence));
    }

    [Fact]
    public void Every_bettor_counts_from_its_own_start()
    {
        // By hand, for each stake: w1 = 1 g, w2 = (w1 + 1) g, w3 = (w2 + 1) g, with g = 1 + lambda (1 - margin).
        var detector = new DriftDetector(0.2, 1_000);
        var evidence = DriftDetector.Start;
        for (var i = 0; i < 3; i++) evidence = detector.After(evidence, 1, 0);
        var lambdas = new Betting(-1.2).Lambdas;
        for (var j = 0; j < lambdas.Length; j++)
        {
            var gain = 1 + (lambdas[j] * 0.8);
            Assert.Equal(gain * (1 + (gain * (1 + gain))), Math.Exp(evidence[j]), 1e-9);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    public void What_is_no_score_is_refused(double score) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DriftDetector(0.1, 100).After(DriftDetector.Start, 0.5, score));

    private static int Length(DriftDetector detector, Random random, double reference, double now, int most)
    {
        var evidence = DriftDetector.Start;
        for (var i = 1; i < most; i++)
        {
            evidence = Observe(detector, evidence, random, reference, now);
            if (detector.IsAlarm(evidence)) return i;
        }

        return most;
    }

    private static System.Collections.Immutable.ImmutableArray<double> Observe(DriftDetector detector, System.Collections.Immutable.ImmutableArray<double> evidence, Random random, double reference, double now) =>
        detector.After(evidence, random.NextDouble() < reference ? 1 : 0, random.NextDouble() < now ? 1 : 0);
}
