using System.Globalization;

namespace Slipway.ApiServer.Kinds.Workloads;

/// <summary>The rules of numbers that may be given as a share of all, such as "25%".</summary>
internal static class Shares
{
    public const string Fault = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

    public static void Check(Spot spot, string name, bool partOfAll)
    {
        switch (spot.Value.At(name))
        {
            case string text when Percent(text) is not { } percent:
                spot.Invalid(name, text, Fault);
                break;
            case string text when partOfAll && Percent(text) > 100:
                spot.Invalid(name, text, "must not be greater than 100%");
                break;
            case < 0L and var number:
                spot.Invalid(name, number, "must be greater than or equal to 0");
                break;
        }
    }

    public static bool IsZero(object? value) => value is 0L || (value is string text && Percent(text) == 0);

    private static int? Percent(string text) =>
        text.EndsWith('%') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent) ? percent : null;
}
