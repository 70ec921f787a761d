using System.Globalization;
using Slipway.Capacity.Answers.Models;
using Slipway.Models.Memory;

namespace Slipway.Commands.Models;

/// <summary>A model on one kind of accelerator, as a table shows it.</summary>
internal static class FitRow
{
    public static string[] Cells(FitAnswer answer)
    {
        var verdict = Enum.Parse<FitVerdict>(answer.Verdict);
        var fits = verdict is FitVerdict.Fits or FitVerdict.Tight;
        return
        [
            answer.Name,
            verdict switch { FitVerdict.Fits => "yes", FitVerdict.Tight => "tight", FitVerdict.Refused => "refused", _ => "no" },
            fits ? Text($"{answer.Devices}") : verdict is FitVerdict.DoesNotFit ? Text($"> {answer.Devices}") : "",
            answer.Memory is { } m ? Text($"{Gib(m.Parts.Sum(static p => p.Bytes)):0.0} of {Gib(m.DeviceBytes):0.0} GiB") : "",
            fits ? Text($"{answer.LargestConcurrency}") : "",
            answer.Speed is { TokensPerSecondPerUser: var t } ? Text($"{t.Low:0}-{t.High:0}") : fits ? "unknown" : "",
            answer.Speed is { FirstTokenSeconds: var f } ? Seconds.Of(f) : "",
            fits ? "" : answer.Options is [var option, ..] ? option.Message : answer.Reason,
        ];
    }

    private static double Gib(long bytes) => bytes / (double)(1L << 30);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
