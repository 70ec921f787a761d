using System.Globalization;
using System.Text;

namespace Slipway.Web.Ui.Charts;

/// <summary>Where things of a chart are on its drawing, which is 360 by 150.</summary>
/// <param name="From">The first X.</param>
/// <param name="To">The last X.</param>
/// <param name="Low">The Y at the bottom.</param>
/// <param name="High">The Y at the top.</param>
internal sealed record ChartPlot(double From, double To, double Low, double High)
{
    public const double Width = 360, Height = 150, Left = 48, Right = 352, Top = 8, Bottom = 130;

    /// <summary>A plot that has room for all values, from 0 or below it, with a top that is a round number.</summary>
    /// <param name="from">The first X.</param>
    /// <param name="to">The last X.</param>
    /// <param name="values">The values.</param>
    public static ChartPlot Of(double from, double to, IEnumerable<double> values)
    {
        var (low, high) = (0d, 0d);
        foreach (var value in values) (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return new ChartPlot(from, to > from ? to : from + 1, low < 0 ? -Round(-low) : 0, high > 0 || low < 0 ? Round(high) : 1);
    }

    /// <summary>The levels that are written at the side: bottom, top, and 0 or the middle between them.</summary>
    public IReadOnlyList<double> Levels => [Low, Low < 0 && High > 0 ? 0 : (Low + High) / 2, High];

    public double X(double x) => Left + (Math.Clamp((x - From) / (To - From), 0, 1) * (Right - Left));

    public double Y(double y) => Bottom - (Math.Clamp((y - Low) / (High - Low), 0, 1) * (Bottom - Top));

    /// <summary>The line as a path of SVG. Each gap ends it, and it begins anew; a point alone is a dash that can be seen.</summary>
    public string Path(ChartLine line)
    {
        var path = new StringBuilder();
        var joined = 0;
        foreach (var point in line.Points)
        {
            if (point.Y is not { } value)
            {
                End();
                continue;
            }

            var (x, y) = (Number(X(point.X)), Number(Y(value)));
            if (joined == 0) path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h0");
            else if (line.Stepped) path.Append(CultureInfo.InvariantCulture, $"H{x}V{y}");
            else path.Append(CultureInfo.InvariantCulture, $"L{x} {y}");
            joined++;
        }

        End();
        return path.ToString();

        void End()
        {
            if (joined == 1) path.Append("m-2 0h4");
            joined = 0;
        }
    }

    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    // Up to 1, 2 or 5 of the same power of ten.
    private static double Round(double value)
    {
        if (value <= 0) return 0;
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        foreach (var digit in (double[])[1, 2, 5])
            if (value <= digit * power * 1.000_001) return digit * power;
        return 10 * power;
    }
}
