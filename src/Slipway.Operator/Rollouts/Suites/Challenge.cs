using System.Text.RegularExpressions;

namespace Slipway.Operator.Rollouts.Suites;

/// <summary>The parameters of a challenge, such as <c>realm="https://…",service="…"</c> (RFC 9110, section 11.2).</summary>
/// <param name="text">The parameters.</param>
internal sealed partial class Challenge(string text)
{
    /// <summary>The value of one; null where it is not said.</summary>
    public string? this[string name] => Parameter().Matches(text).FirstOrDefault(m => m.Groups[1].Value.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } match ? match.Groups[2].Success ? match.Groups[2].Value : match.Groups[3].Value : null;

    [GeneratedRegex("([A-Za-z]+)=(?:\"([^\"]*)\"|([^,\\s]+))", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
