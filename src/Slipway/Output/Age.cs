namespace Slipway.Output;

/// <summary>How long ago something was, as kubectl says it.</summary>
internal static class Age
{
    public static string Of(DateTimeOffset? since, DateTimeOffset now) => since is not { } then ? "unknown" : (now - then) switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 2 } span => $"{(int)span.TotalSeconds}s",
        { TotalHours: < 2 } span => $"{(int)span.TotalMinutes}m",
        { TotalDays: < 2 } span => $"{(int)span.TotalHours}h",
        var span => $"{(int)span.TotalDays}d",
    };
}
