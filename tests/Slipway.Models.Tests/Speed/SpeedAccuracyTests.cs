using Slipway.Models.Speed;

namespace Slipway.Models.Tests.Speed;

/// <summary>Estimates of speed against what was measured, by constants that do not know the model or the accelerator that they are judged on.</summary>
public sealed class SpeedAccuracyTests
{
    [Theory]
    [InlineData("model")]
    [InlineData("accelerator")]
    public void Inter_token_latency_holds_for_what_the_fit_has_not_seen(string left)
    {
        var ratios = CrossValidation.LeaveOut(left == "model" ? static r => r.Model : static r => r.Gpu);
        var errors = Errors.Of(ratios.Select(static r => r.Ratio), SpeedModel.BandFactor);
        Assert.True(errors.Rows > 400, errors.ToString());
        Assert.True(errors.Median <= 0.15 && errors.Mean <= 0.20 && errors.P90 <= 0.40, errors.ToString());
        Assert.True(errors.Held >= 0.90, errors.ToString());
    }

    [Fact]
    public void The_constants_in_use_are_those_of_the_fit()
    {
        var fitted = CrossValidation.Fit(MeasuredRun.All);
        Assert.Equal(1389, MeasuredRun.All.Count);
        foreach (var (used, found) in CalibratedSpeed.Constants.ToArray().Zip(fitted.ToArray())) Assert.InRange(found / used, 0.97, 1.03);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    public void A_few_loads_of_a_running_model_make_estimates_of_its_others_better(int loads)
    {
        var (before, after) = LearningValidation.Own(loads);
        var (old, learned) = (Errors.Of(before, SpeedModel.BandFactor), Errors.Of(after, SpeedModel.LearnedBandFactor));
        Assert.True(learned.Rows > 200 && learned.Median < 0.8 * old.Median && learned.Mean < old.Mean, $"{old} -> {learned}");
        Assert.True(learned.Held >= 0.90, learned.ToString());
    }

    [Fact]
    public void Other_models_on_the_same_device_teach_nothing()
    {
        var (before, after) = LearningValidation.Others();
        Assert.True(Errors.Of(after, SpeedModel.BandFactor).Median > Errors.Of(before, SpeedModel.BandFactor).Median);
    }

    [Fact]
    public void First_tokens_of_calibrated_runs_lie_within_their_band()
    {
        var ratios = MeasuredRun.All.Where(static r => r.Engine == Slipway.Models.Memory.ServingEngine.Vllm && !double.IsNaN(r.FirstTokenSeconds))
            .Select(static r => SpeedModel.FirstToken(r.Terms, CalibratedSpeed.Constants) / r.FirstTokenSeconds).ToList();
        var errors = Errors.Of(ratios, SpeedModel.FirstTokenBandFactor);
        Assert.True(errors.Held >= 0.90, errors.ToString());
    }
}
