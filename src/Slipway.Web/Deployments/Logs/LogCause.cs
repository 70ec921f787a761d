using System.Text.RegularExpressions;
using Slipway.Api.LocalEngines;

namespace Slipway.Web.Deployments.Logs;

/// <summary>How a line bears on what is wrong.</summary>
internal enum Bearing
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>It is of the level of an error.</summary>
    Error,

    /// <summary>The diagnosis of an engine's end quotes it.</summary>
    Cause,
}

/// <summary>Finds in a log the lines that say what is wrong. Pure.</summary>
internal sealed partial class LogCause
{
    // As the Local runtime quotes an engine's last words in a replica's message.
    private const string Quote = " Its log ends: ";

    // A level stands at the beginning; what is said much later is what the line is about.
    private const int LevelWithin = 300;

    private readonly HashSet<string> _quoted;

    private LogCause(HashSet<string> quoted) => _quoted = quoted;

    /// <summary>By the diagnoses in the messages of an engine's replicas; without an engine by the level of lines alone.</summary>
    public static LogCause Of(LocalEngine? engine) => new(
    [
        .. (engine?.Status?.Replicas ?? []).Select(static r => r.Message).OfType<string>()
            .Where(static m => m.Contains(Quote, StringComparison.Ordinal))
            .SelectMany(static m => m[(m.IndexOf(Quote, StringComparison.Ordinal) + Quote.Length)..].Split(" | ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    ]);

    public Bearing Of(KeptLine line) => _quoted.Contains(line.Text.Trim()) ? Bearing.Cause : line.IsError ? Bearing.Error : Bearing.None;

    /// <summary>Whether a line is of the level of an error. Slipway's own lines tell what was done, not what is wrong.</summary>
    public static bool IsError(string line) =>
        !line.StartsWith("--- slipway ", StringComparison.Ordinal) && Level().IsMatch(line.AsSpan(0, Math.Min(line.Length, LevelWithin)));

    // llama.cpp's own words and the levels of Python's logging, which vLLM and SGLang use.
    [GeneratedRegex(@"\b(error|fatal|critical|exception|traceback|panic|failed|couldn't)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Level();
}
