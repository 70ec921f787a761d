using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Slipway.Gateway.Recording;

/// <summary>What of a namespace's requests is recorded. A namespace says so itself, by annotations; without them nothing of it is.</summary>
/// <param name="Share">The share of its requests, from 0 to 1.</param>
/// <param name="For">How long a recording is kept at most.</param>
public sealed record RecordingRule(double Share, TimeSpan For)
{
    /// <summary>The annotation that turns recording on: a share in percent, such as `10%`.</summary>
    public const string Annotation = "slipway.dev/record";

    /// <summary>The annotation that says for how long: hours or days, such as `12h` or `7d`.</summary>
    public const string ForAnnotation = "slipway.dev/record-for";

    private static readonly TimeSpan s_usual = TimeSpan.FromDays(7);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(90);

    /// <summary>Reads a namespace's annotations.</summary>
    /// <param name="annotation">Finds the value of an annotation; null for none.</param>
    /// <param name="problem">What is wrong with them, as the end of a sentence; then nothing is recorded.</param>
    /// <returns>The rule; null for none.</returns>
    public static RecordingRule? Read(Func<string, string?> annotation, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(annotation);
        problem = null;
        if (annotation(Annotation) is not { } share) return null;
        if (!share.EndsWith('%') || !double.TryParse(share.AsSpan()[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent is not (>= 0 and <= 100))
        {
            problem = $"{Annotation} is a share from 0% to 100%, such as 10%, not \"{share}\"";
            return null;
        }

        if (annotation(ForAnnotation) is not { } text) return percent > 0 ? new RecordingRule(percent / 100, s_usual) : null;
        if (Time(text) is not { } time || time < TimeSpan.FromHours(1) || time > s_longest)
        {
            problem = $"{ForAnnotation} is a time from 1h to {s_longest.TotalDays:0}d, such as 12h or 7d, not \"{text}\"";
            return null;
        }

        return percent > 0 ? new RecordingRule(percent / 100, time) : null;
    }

    /// <summary>Whether a request is recorded.</summary>
    /// <param name="session">Its session: all requests of one are recorded, or none is. Null for none.</param>
    /// <param name="random">Chance, for requests of no session.</param>
    public bool Takes(string? session, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        // Seeded otherwise than the split of rollouts: the sessions that are recorded are not those that the candidate has.
        return (session is null ? random.NextDouble() : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(session.AsSpan()), seed: 1) / (double)ulong.MaxValue) < Share;
    }

    private static TimeSpan? Time(string text) =>
        text.Length > 1 && int.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 10_000
            ? text[^1] switch { 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), _ => null }
            : null;
}
