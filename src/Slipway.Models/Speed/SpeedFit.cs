namespace Slipway.Models.Speed;

/// <summary>Finds constants that explain measurements.</summary>
/// <remarks>
/// Levenberg-Marquardt on the logarithms of the constants, with residuals that are logarithms of predicted over measured, bounded so that a
/// row with an error in it pulls little (soft L1), and with every constant held to what was assumed of it: a constant that
/// the measurements do not determine stays there instead of running off.
/// </remarks>
public static class SpeedFit
{
    private const int Steps = 80;
    private const double Hold = 8;

    // No share above 1; times between a tenth of a microsecond and milliseconds; engines within a factor of three of each other.
    private static readonly double[] s_least = [0.3, 0.2, 0.1, 0.05, 0.1, 0.01, 1e-6, 1e-6, 1e-7, 1e-8, 1e-6, 0.3, 0.3, 0.2, 0.2];
    private static readonly double[] s_most = [1, 1, 1, 1, 1, 1, 3e-4, 3e-4, 1e-4, 1e-4, 5e-3, 3, 3, 5, 5];

    /// <summary>Fits.</summary>
    /// <param name="samples">The measurements.</param>
    /// <param name="assumed">Where to start from and what to hold to.</param>
    public static SpeedConstants Fit(IReadOnlyList<SpeedSample> samples, SpeedConstants assumed)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(assumed);
        var anchor = Array.ConvertAll(assumed.ToArray(), Math.Log);
        var at = (double[])anchor.Clone();
        var (cost, residuals) = Cost(samples, at, anchor);
        var damping = 1e-2;
        for (var step = 0; step < Steps && damping < 1e8; step++)
        {
            var (matrix, gradient) = Normal(samples, at, anchor, residuals);
            var next = Move(at, matrix, gradient, damping);
            var (better, moved) = next is null ? (double.MaxValue, residuals) : Cost(samples, next, anchor);
            if (better >= cost)
            {
                damping *= 4;
                continue;
            }

            var settled = cost - better < cost * 1e-7;
            (at, cost, residuals) = (next!, better, moved);
            damping = Math.Max(damping / 3, 1e-9);
            if (settled) break;
        }

        return SpeedConstants.FromArray(Array.ConvertAll(at, Math.Exp));
    }

    private static (double Cost, double[] Residuals) Cost(IReadOnlyList<SpeedSample> samples, double[] at, double[] anchor)
    {
        var residuals = Residuals(samples, at);
        var cost = residuals.Sum(static r => 2 * (Math.Sqrt(1 + (r * r)) - 1));
        for (var i = 0; i < at.Length; i++) cost += Hold * Hold * Square(at[i] - anchor[i]);
        return (cost, residuals);
    }

    private static double[] Residuals(IReadOnlyList<SpeedSample> samples, double[] at)
    {
        var constants = SpeedConstants.FromArray(Array.ConvertAll(at, Math.Exp));
        var residuals = new double[samples.Count];
        for (var i = 0; i < residuals.Length; i++)
        {
            var ratio = Math.Log(StepTime.InterToken(samples[i].Terms, constants) / samples[i].InterTokenSeconds);
            residuals[i] = samples[i].Weight * 0.8 * Math.Tanh(ratio / 0.8);
        }

        return residuals;
    }

    private static (double[,] Matrix, double[] Gradient) Normal(IReadOnlyList<SpeedSample> samples, double[] at, double[] anchor, double[] residuals)
    {
        const double Nudge = 1e-5;
        var columns = new double[at.Length][];
        for (var j = 0; j < at.Length; j++)
        {
            var nudged = (double[])at.Clone();
            nudged[j] += Nudge;
            columns[j] = Residuals(samples, nudged);
            for (var i = 0; i < residuals.Length; i++) columns[j][i] = (columns[j][i] - residuals[i]) / Nudge;
        }

        var matrix = new double[at.Length, at.Length];
        var gradient = new double[at.Length];
        for (var j = 0; j < at.Length; j++)
        {
            for (var k = 0; k <= j; k++)
            {
                var sum = 0.0;
                for (var i = 0; i < residuals.Length; i++) sum += columns[j][i] * columns[k][i] / Math.Sqrt(1 + (residuals[i] * residuals[i]));
                matrix[j, k] = matrix[k, j] = sum;
            }

            for (var i = 0; i < residuals.Length; i++) gradient[j] += columns[j][i] * residuals[i] / Math.Sqrt(1 + (residuals[i] * residuals[i]));
            matrix[j, j] += Hold * Hold;
            gradient[j] += Hold * Hold * (at[j] - anchor[j]);
        }

        return (matrix, gradient);
    }

    /// <summary>Solves (M + damping x diagonal) d = -gradient by Cholesky's method; <c>null</c> when that is not positive definite.</summary>
    private static double[]? Move(double[] at, double[,] matrix, double[] gradient, double damping)
    {
        var n = at.Length;
        var lower = new double[n, n];
        var d = new double[n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = matrix[i, j] + (i == j ? damping * matrix[i, i] : 0);
                for (var k = 0; k < j; k++) sum -= lower[i, k] * lower[j, k];
                if (i != j) lower[i, j] = sum / lower[j, j];
                else if (sum > 0) lower[i, i] = Math.Sqrt(sum);
                else return null;
            }

            d[i] = -gradient[i];
            for (var k = 0; k < i; k++) d[i] -= lower[i, k] * d[k];
            d[i] /= lower[i, i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++) d[i] -= lower[k, i] * d[k];
            d[i] /= lower[i, i];
        }

        for (var i = 0; i < n; i++) d[i] = Math.Clamp(at[i] + d[i], Math.Log(s_least[i]), Math.Log(s_most[i]));
        return d;
    }

    private static double Square(double x) => x * x;
}
