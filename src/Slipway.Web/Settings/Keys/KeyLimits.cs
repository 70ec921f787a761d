using System.Globalization;
using Slipway.Api.Keys;
using Slipway.Web.Ui;

namespace Slipway.Web.Settings.Keys;

/// <summary>How far a key opens, in words. Pure.</summary>
internal static class KeyLimits
{
    public static string Of(ApiKeySpec spec)
    {
        string?[] limits =
        [
            Limit(spec.RequestsPerMinute, "requests a minute"), Limit(spec.TokensPerMinute, "tokens a minute"), Limit(spec.ConcurrentRequests, "at one time"),
        ];
        var given = limits.OfType<string>().ToArray();
        return given.Length == 0 ? "no limit" : string.Join(", ", given);
    }

    /// <summary>Whether it opens anything now, and until when.</summary>
    public static (string Word, Tone Tone) State(ApiKeySpec spec, DateTimeOffset now) => spec switch
    {
        { Disabled: true } => ("switched off", Tone.Warn),
        { Expires: { } end } when end <= now => ("ended", Tone.Bad),
        { Expires: { } end } => ($"until {end.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}", Tone.Good),
        _ => ("open", Tone.Good),
    };

    private static string? Limit(int? most, string what) => most is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}") : null;
}
