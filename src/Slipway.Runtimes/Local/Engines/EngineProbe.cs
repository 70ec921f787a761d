using System.Text.RegularExpressions;
using Slipway.Runtimes.Local.Commands;

namespace Slipway.Runtimes.Local.Engines;

/// <summary>Proves that an engine starts on this machine, and asks what it knows.</summary>
internal static partial class EngineProbe
{
    /// <summary>Runs <c>--version</c> and <c>--help</c>, some ten milliseconds each.</summary>
    public static async Task<EngineResolution> RunAsync(EngineCandidate candidate, LocalEngineOptions options, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.ProbeTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var version = await Command.RunAsync(candidate.Path, [.. candidate.LeadingArguments, "--version"], cancellationToken: either.Token);
            if (!version.Succeeded)
                return new EngineResolution.Unavailable($"The engine from {candidate.Source} ({candidate.Path}) does not start: {version.LastWords()}");
            var help = await Command.RunAsync(candidate.Path, [.. candidate.LeadingArguments, "--help"], cancellationToken: either.Token);
            return new EngineResolution.Found(new EngineCommand
            {
                Path = candidate.Path,
                LeadingArguments = candidate.LeadingArguments,
                Source = candidate.Source,
                Version = ParseVersion(version.Output + version.Errors),
                Options = help.Succeeded ? ParseOptions(help.Output) : new HashSet<string>(),
            });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new EngineResolution.Unavailable(
                $"The engine from {candidate.Source} ({candidate.Path}) did not tell its version within {options.ProbeTimeout.TotalSeconds:0} s.");
        }
    }

    /// <summary>Lines like <c>version: 0.7.0 (build 11669, commit abc)</c> or <c>version: 6541 (abc)</c>.</summary>
    public static string ParseVersion(string output) =>
        Version().Match(output) is { Success: true } match ? match.Groups["version"].Value.Trim() : "unknown";

    /// <summary>Options stand at the start of a line: <c>-c,    --ctx-size N    size of the prompt context</c>.</summary>
    public static IReadOnlySet<string> ParseOptions(string help) =>
        help.Split('\n').Where(static l => l.StartsWith('-'))
            // The description begins after the option's column; an option named in it is not an option of this line.
            .SelectMany(static l => Option().Matches(Column().Split(l.Replace(",  ", ",", StringComparison.Ordinal), 2)[0]))
            .Select(static m => m.Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"^version:\s*(?<version>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();

    [GeneratedRegex(@"(?<![\w-])--?[A-Za-z][\w-]*", RegexOptions.None, 1000)]
    private static partial Regex Option();

    [GeneratedRegex(@"(?<=[^,\s])\s{2,}", RegexOptions.None, 1000)]
    private static partial Regex Column();
}
