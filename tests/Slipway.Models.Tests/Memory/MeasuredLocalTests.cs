using Slipway.Models.Memory;

namespace Slipway.Models.Tests.Memory;

/// <summary>The estimate beside what people saw on their own machines.</summary>
public sealed class MeasuredLocalTests(ITestOutputHelper output)
{
    [Fact]
    public void Peaks_are_within_seven_per_cent_at_the_median()
    {
        var errors = MeasuredLocal.Chosen.Select(static m => (Row: m, Error: (m.Estimate().TotalBytes / Cards.Gib / m.Peak) - 1)).ToList();
        foreach (var (row, error) in errors) output.WriteLine($"{row,-65} measured {row.Peak,6:0.00}  estimate {row.Estimate().TotalBytes / Cards.Gib,6:0.00}  {error,6:+0.0 %;-0.0 %}");
        var absolute = errors.Select(static e => Math.Abs(e.Error)).Order().ToList();
        foreach (var group in MeasuredLocal.All.GroupBy(static m => m.LeftOut ?? "compared")) output.WriteLine($"{group.Count(),4} {group.Key}");
        output.WriteLine($"{MeasuredLocal.Chosen.Count} of {MeasuredLocal.All.Count} rows, median {absolute[absolute.Count / 2]:0.0 %}");

        Assert.True(errors.Count >= 10, $"{errors.Count} rows are left");
        Assert.InRange(absolute[absolute.Count / 2], 0, 0.07);
    }

    [Fact]
    public void What_filled_its_card_is_never_said_to_fit()
    {
        // Full cards: part of the model was left to the processor, or the next token would have failed.
        var full = MeasuredLocal.All.Where(static m => m.IsLlamaCpp && m.Profile is not null && m.Vram is { } vram && m.Peak >= vram * 0.985).ToList();
        foreach (var row in full) output.WriteLine($"{row} {row.Peak} of {row.Vram}: {row.Check().Verdict}");

        Assert.NotEmpty(full);
        Assert.All(full, static m => Assert.NotEqual(FitVerdict.Fits, m.Check().Verdict));
    }
}
