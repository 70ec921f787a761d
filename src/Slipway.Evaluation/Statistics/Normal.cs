namespace Slipway.Evaluation.Statistics;

/// <summary>The normal distribution.</summary>
public static class Normal
{
    /// <summary>The chance of at most z.</summary>
    /// <remarks>By the error function's continued fraction and series (Abramowitz and Stegun 7.1.5, 7.1.14): 1e-14 or better.</remarks>
    public static double Cumulative(double z)
    {
        var x = Math.Abs(z) / Math.Sqrt(2);
        var tail = x < 2.5 ? (1 - Series(x)) / 2 : Fraction(x) / 2;
        return z < 0 ? tail : 1 - tail;
    }

    /// <summary>The z that is not exceeded with a chance.</summary>
    /// <param name="chance">The chance, between 0 and 1.</param>
    public static double Quantile(double chance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(chance, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(chance, 1);
        var (low, high) = (-40.0, 40.0);
        // Halving: each step is a bit, and no step depends on how steep it is out there.
        for (var i = 0; i < 100; i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(middle) < chance) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; Math.Abs(term) > 1e-17 * sum && n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    private static double Fraction(double x)
    {
        var fraction = 0.0;
        for (var n = 60; n > 0; n--) fraction = n / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }
}
