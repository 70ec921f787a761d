using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;

namespace Slipway.Commands.Models;

/// <summary>A model on one kind of accelerator: the fewest devices of a machine that hold it, and its speed there.</summary>
internal sealed record AcceleratorRow(Accelerator Accelerator, Fit Fit, SpeedEstimate? Speed)
{
    private const int MostDevices = 8;

    public static AcceleratorRow Of(ModelProfile profile, Accelerator accelerator, Traffic traffic, EngineSettings settings, KvCacheType cache)
    {
        var workload = new Workload((long)traffic.PromptTokens + traffic.OutputTokens, traffic.Concurrency) { Cache = cache };
        if (EngineDevices.Refusal(settings.Engine, accelerator) is { } refusal)
            return new(accelerator, new Fit { Verdict = FitVerdict.Refused, Reason = refusal, Layout = Layout.Single }, null);
        Fit? last = null;
        foreach (var tensor in LayoutRules.TensorSizes(profile, MostDevices, settings.Engine).DefaultIfEmpty(1))
        {
            var layout = new Layout(tensor);
            last = FitCheck.Check(profile, accelerator, layout, workload, settings);
            if (last.Verdict is FitVerdict.Fits or FitVerdict.Tight)
                return new(accelerator, last, SpeedModel.Estimate(profile, accelerator, layout, traffic, settings, cache));
        }

        return new(accelerator, last!, null);
    }

    public IEnumerable<string> Cells()
    {
        var fits = Fit.Verdict is FitVerdict.Fits or FitVerdict.Tight;
        yield return Accelerator.Name;
        yield return Fit.Verdict switch { FitVerdict.Fits => "yes", FitVerdict.Tight => "tight", FitVerdict.Refused => "refused", _ => "no" };
        yield return fits ? Text($"{Fit.Layout.Devices}") : Fit.Verdict is FitVerdict.DoesNotFit ? Text($"> {Fit.Layout.Devices}") : "";
        yield return Fit.Estimate is { } e ? Text($"{Gib(e.TotalBytes):0.0} of {Gib(e.DeviceBytes):0.0} GiB") : "";
        yield return fits ? Text($"{Fit.LargestConcurrency}") : "";
        yield return Speed is { TokensPerUser: var t } ? Text($"{t.Low:0}-{t.High:0}") : fits ? "unknown" : "";
        yield return Speed is { FirstTokenSeconds: var f } ? $"{Seconds.Of(f.Low)}-{Seconds.Of(f.High)}" : "";
        yield return fits ? "" : Fit.Options is [var option, ..] ? option.Message : Fit.Reason;
    }

    public JsonObject Json() => new()
    {
        ["accelerator"] = Accelerator.Key,
        ["name"] = Accelerator.Name,
        ["verdict"] = Fit.Verdict.ToString(),
        ["reason"] = Fit.Reason,
        ["devices"] = Fit.Layout.Devices,
        ["largestConcurrency"] = Fit.LargestConcurrency,
        ["largestContext"] = Fit.LargestContext,
        ["memory"] = Fit.Estimate is { } estimate ? new JsonObject
        {
            ["deviceBytes"] = estimate.DeviceBytes,
            ["budgetBytes"] = estimate.BudgetBytes,
            ["parts"] = new JsonArray([.. estimate.Parts.Select(static p => new JsonObject { ["kind"] = p.Kind.ToString(), ["bytes"] = p.Bytes, ["why"] = p.Why })]),
        } : null,
        ["options"] = new JsonArray([.. Fit.Options.Select(static o => new JsonObject { ["kind"] = o.Kind.ToString(), ["message"] = o.Message, ["value"] = o.Value })]),
        ["speed"] = Speed is null ? null : SpeedJson.Of(Speed),
    };

    private static double Gib(long bytes) => bytes / (double)(1L << 30);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
