using System.Text.RegularExpressions;

namespace Slipway.Operator.Rollouts.Suites;

/// <summary>The parameters of a challenge, such as <c>realm="https://…",service="…"</c> (RFC 9110, section 11.2).</summary>
/// <param name="text">The parameters.</param>
internal sealed partial class Challenge(string text)
{
    /// <summary>The value of one; null where it is not said.</summary>
    public string? this[string name] => Parameter().Matches(text).FirstOrDefault(m => m.Groups["name"].Value.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } match ? match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["plain"].Value : null;

    [GeneratedRegex("(?<name>[A-Za-z]+)=(?:\"(?<quoted>[^\"]*)\"|(?<plain>[^,\\s]+))", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();
}
