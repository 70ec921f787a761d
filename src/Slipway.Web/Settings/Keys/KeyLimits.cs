using Slipway.Api.Keys;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Settings.Keys;

/// <summary>How far a key opens, in words. Pure.</summary>
internal static class KeyLimits
{
    public static string Of(ApiKeySpec spec)
    {
        string?[] limits =
        [
            spec.RequestsPerMinute is { } requests ? T("{0:N0} requests a minute", requests) : null,
            spec.TokensPerMinute is { } tokens ? T("{0:N0} tokens a minute", tokens) : null,
            spec.ConcurrentRequests is { } most ? T("{0:N0} at one time", most) : null,
        ];
        var given = limits.OfType<string>().ToArray();
        return given.Length == 0 ? T("no limit") : string.Join(", ", given);
    }

    /// <summary>Whether it opens anything now, and until when.</summary>
    public static (string Word, Tone Tone) State(ApiKeySpec spec, DateTimeOffset now) => spec switch
    {
        { Disabled: true } => (T("switched off"), Tone.Warn),
        { Expires: { } end } when end <= now => (T("ended"), Tone.Bad),
        { Expires: { } end } => (T("until {0:yyyy-MM-dd}", end.UtcDateTime), Tone.Good),
        _ => (T("open"), Tone.Good),
    };
}
