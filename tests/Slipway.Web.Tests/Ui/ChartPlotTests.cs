using CsCheck;
using Slipway.Web.Ui.Charts;

namespace Slipway.Web.Tests.Ui;

public sealed class ChartPlotTests
{
    [Theory]
    [InlineData(new double[0], 0, 1)]
    [InlineData(new[] { 0d, 0 }, 0, 1)]
    [InlineData(new[] { 3.2 }, 0, 5)]
    [InlineData(new[] { 0.0007 }, 0, 0.001)]
    [InlineData(new[] { -1.3, 41 }, -2, 50)]
    [InlineData(new[] { -1.3 }, -2, 0)]
    public void The_scale_ends_at_round_numbers_and_has_0(double[] values, double low, double high)
    {
        var plot = ChartPlot.Of(0, 1, values);
        Assert.Equal((low, high), (plot.Low, plot.High), (a, b) => Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-9);
    }

    [Fact]
    public void Nothing_is_drawn_outside() => Gen.Double[-1e9, 1e9].Array[1, 20].Sample(values =>
    {
        var plot = ChartPlot.Of(0, values.Length, values);
        return values.All(v => plot.Y(v) is >= ChartPlot.Top and <= ChartPlot.Bottom) && plot.X(-5) == ChartPlot.Left && plot.X(1e9) == ChartPlot.Right;
    });

    [Fact]
    public void A_point_between_gaps_can_be_seen() =>
        Assert.Equal("M48 130h0m-2 0h4M352 8h0m-2 0h4", new ChartPlot(0, 10, 0, 1).Path(new ChartLine("a", [new(0, 0), new(5, null), new(10, 1)])));

    [Fact]
    public void Nothing_is_said_to_be_below_0() => Assert.False(double.IsNegative(ChartPlot.Of(0, 1, [3]).Low));

    [Fact]
    public void A_setting_holds_until_the_next()
    {
        var plot = new ChartPlot(0, 10, 0, 100);
        Assert.Equal("M48 130h0H200V69H352V8", plot.Path(new ChartLine("w", [new(0, 0), new(5, 50), new(10, 100)], Stepped: true)));
    }
}
