using System.Globalization;

namespace Slipway.Bench;

/// <summary>Order statistics of what was measured.</summary>
internal sealed class Figures(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public double Median => At(0.5);

    public double At(double quantile) => _sorted[(int)Math.Min(_sorted.Length - 1, quantile * _sorted.Length)];

    public string Row(string name, string unit, string format = "0.00") => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {_sorted[0].ToString(format)} | {Median.ToString(format)} | {_sorted[^1].ToString(format)} | {unit} |");
}
