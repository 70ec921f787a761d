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

    private readonly HashSet<string> _quoted;

    private LogCause(HashSet<string> quoted) => _quoted = quoted;

    /// <summary>By the diagnoses in the messages of an engine's replicas; without an engine by the level of lines alone.</summary>
    public static LogCause Of(LocalEngine? engine) => new(
    [
        .. (engine?.Status?.Replicas ?? []).Select(static r => r.Message).OfType<string>()
            .Where(static m => m.Contains(Quote, StringComparison.Ordinal))
            .SelectMany(static m => m[(m.IndexOf(Quote, StringComparison.Ordinal) + Quote.Length)..].Split(" | ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
    ]);

    public Bearing Of(string line) => _quoted.Contains(line.Trim()) ? Bearing.Cause : Level().IsMatch(line) ? Bearing.Error : Bearing.None;

    // llama.cpp's own words and the levels of Python's logging, which vLLM and SGLang use. Slipway's own lines tell what was done, not what is wrong.
    [GeneratedRegex(@"^(?!--- slipway ).*?(\b(error|fatal|critical|exception|traceback|panic|failed|couldn't)\b|^\S+ E )", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Level();
}
