namespace Slipway.Gateway.Records.History;

/// <summary>
/// The scale that latencies are counted on: from a quarter of a millisecond to 17 minutes, four steps to each doubling, so that a quantile read from it is off by 19 % at most, and by less where neighbouring steps are filled alike.
/// One scale for all, so that counts can be added up.
/// </summary>
internal static class LatencyScale
{
    /// <summary>Below this all is one.</summary>
    public const double FirstSeconds = 0.00025;

    private const int StepsInDoubling = 4, Doublings = 22;

    /// <summary>How many steps there are: one below the scale and one above it among them.</summary>
    public const int Steps = (StepsInDoubling * Doublings) + 2;

    /// <summary>The step of a latency.</summary>
    public static int StepOf(TimeSpan latency)
    {
        var seconds = latency.TotalSeconds;
        return seconds < FirstSeconds ? 0 : Math.Min(Steps - 1, 1 + (int)(Math.Log2(seconds / FirstSeconds) * StepsInDoubling));
    }

    /// <summary>Where a step begins, seconds.</summary>
    public static double BeginOf(int step) => step == 0 ? 0 : FirstSeconds * Math.Pow(2, (step - 1) / (double)StepsInDoubling);
}
