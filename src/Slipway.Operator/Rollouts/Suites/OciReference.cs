using System.Text.RegularExpressions;

namespace Slipway.Operator.Rollouts.Suites;

/// <summary>An artifact of a registry, by its digest: what is meant cannot change.</summary>
/// <param name="Host">The registry, with its port where it has one.</param>
/// <param name="Repository">The repository.</param>
/// <param name="Digest">The manifest's digest.</param>
internal sealed partial record OciReference(string Host, string Repository, string Digest)
{
    /// <summary>Where the registry answers: over TLS, but for one of this machine.</summary>
    public Uri Address => new($"{(IsHere ? "http" : "https")}://{Host}/v2/{Repository}/");

    /// <summary>Whether it is one of this machine.</summary>
    public bool IsHere => Host.Split(':')[0] is "localhost" or "127.0.0.1";

    /// <summary>Reads one; null where it is none.</summary>
    public static OciReference? Parse(string text) => Form().Match(text) is { Success: true } match ? new(match.Groups["host"].Value, match.Groups["repository"].Value, match.Groups["digest"].Value) : null;

    [GeneratedRegex(@"^(?<host>[a-z0-9.-]+(?::[0-9]+)?)/(?<repository>(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)@(?<digest>sha256:[0-9a-f]{64})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
