using System.Globalization;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Ui;

/// <summary>Amounts in words: few digits, always with their unit, and never a number for what is not known.</summary>
internal static class Say
{
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 40 => Text($"{bytes / (double)(1L << 40):0.#} TiB"),
        >= 1L << 30 => Text($"{bytes / (double)(1L << 30):0.#} GiB"),
        >= 1L << 20 => Text($"{bytes / (double)(1L << 20):0.#} MiB"),
        >= 1L << 10 => Text($"{bytes / (double)(1L << 10):0} KiB"),
        _ => Text($"{bytes} B"),
    };

    public static string Count(long count) => count switch
    {
        >= 1_000_000_000 => Text($"{count / 1e9:0.#}B"),
        >= 1_000_000 => Text($"{count / 1e6:0.#}M"),
        >= 1_000 => Text($"{count / 1e3:0.#}k"),
        _ => Text($"{count}"),
    };

    public static string Range(RangeFact range, Func<long, string> show) => range.Low == range.High ? show(range.Low) : T("{0} to {1}", show(range.Low), show(range.High));

    public static string Band(BandFact band, string unit) => band.High >= 10 ? Text($"{band.Low:0}–{band.High:0} {unit}") : Text($"{band.Low:0.#}–{band.High:0.#} {unit}");

    public static string Seconds(double seconds) => seconds < 1 ? Text($"{seconds * 1000:0} ms") : Text($"{seconds:0.#} s");

    public static string Money(CostAmount cost) => cost.Amount switch
    {
        null => T("unknown"),
        // Not nothing, as two digits would say.
        > 0 and < 0.005m => $"< 0.01 {cost.Currency}",
        { } amount => Text($"{amount:#,0.00} {cost.Currency}"),
    };

    public static string Age(DateTimeOffset? since, DateTimeOffset now) => since is not { } then ? T("unknown") : (now - then) switch
    {
        { TotalSeconds: < 10 } => T("just now"),
        { TotalMinutes: < 2 } span => T("{0} s", (int)span.TotalSeconds),
        { TotalHours: < 2 } span => T("{0} min", (int)span.TotalMinutes),
        { TotalDays: < 2 } span => T("{0} h", (int)span.TotalHours),
        var span => T("{0} days", (int)span.TotalDays),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
