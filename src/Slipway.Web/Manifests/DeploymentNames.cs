using System.Text.RegularExpressions;

namespace Slipway.Web.Manifests;

/// <summary>Names of deployments: Services are named after them (RFC 1035 labels), with room for the endings that runtimes add.</summary>
public static partial class DeploymentNames
{
    private const int Longest = 50;

    /// <summary>A name out of a model's: lower case, letters, digits and dashes.</summary>
    /// <param name="model">The model's id, such as <c>Qwen/Qwen3-8B</c>.</param>
    public static string For(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var last = model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        last = last.EndsWith("-gguf", StringComparison.Ordinal) ? last[..^5] : last;
        var name = NotInNames().Replace(last, "-").Trim('-');
        name = name.Length > Longest ? name[..Longest].TrimEnd('-') : name;
        return name.Length == 0 ? "model" : char.IsAsciiLetter(name[0]) ? name : "m-" + name;
    }

    /// <summary>What is wrong with a name; null when nothing is.</summary>
    /// <param name="name">The name.</param>
    public static string? Fault(string? name) => name is { Length: > 0 and <= 63 } && Label().IsMatch(name)
        ? null
        : "is a name of at most 63 lower-case letters, digits and dashes, beginning with a letter and not ending with a dash";

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex NotInNames();

    [GeneratedRegex("^[a-z]([-a-z0-9]*[a-z0-9])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
