using System.Text.RegularExpressions;
using Slipway.Cel.Libraries;

namespace Slipway.Cel;

/// <summary>Patterns of RE2, as rules and Kubernetes' schemas have them; matching takes time linear in the text whatever the pattern.</summary>
public static class CelPattern
{
    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Fault(string pattern) => Patterns.Compile(pattern).Error;

    /// <summary>The pattern made ready; null when something is wrong with it.</summary>
    public static Regex? Compile(string pattern) => Patterns.Compile(pattern).Regex;
}
