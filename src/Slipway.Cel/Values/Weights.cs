namespace Slipway.Cel.Values;

internal static class Weights
{
    /// <summary>Saturates: a value built of shared parts may stand for more elements than a long can count.</summary>
    public static long Sum(IEnumerable<CelValue> values)
    {
        const long Most = long.MaxValue / 4;
        long sum = 0;
        foreach (var value in values) sum = Math.Min(Most, sum + value.Weight);
        return sum;
    }
}
