using System.Text.RegularExpressions;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Cel;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>A selector of a class or a request.</summary>
/// <param name="Text">The expression.</param>
/// <param name="Program">The same, compiled.</param>
internal sealed partial record Selector(string Text, CelProgram Program)
{
    // Types are left to evaluation: what an attribute is, its driver says.
    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("device", CelType.Dyn);

    /// <summary>The longest expression that a claim may have (CELSelectorExpressionMaxLength).</summary>
    private const int Longest = 10 * 1024;

    public static (Selector? Selector, string? Refusal) Read(string text)
    {
        if (text.Length > Longest) return (null, $"a selector is longer than {Longest} characters, which is what a claim takes");
        var compilation = s_environment.Compile(text);
        return compilation.Program is { } program ? (new(text, program), null) : (null, $"a selector does not compile: {compilation.Issues[0].Message}");
    }

    /// <summary>Why it does not hold for a device; the comparison that Slipway writes says what it compares, of others their text has to do.</summary>
    public string Why(SliceDevice device) =>
        Memory().Match(Text) is { Success: true } match && device.Find(DeviceRead.Of("capacity", match.Groups["domain"].Value, match.Groups["name"].Value, device.Id.Driver)).Text("value") is { Length: > 0 } there
            ? $"{there} < {match.Groups["least"].Value}"
            : $"not {(Text.Length <= 120 ? Text : Text[..119] + "…")}";

    [GeneratedRegex("""\["(?<domain>[a-z0-9.-]+)"\]\["(?<name>[A-Za-z0-9_]+)"\]\.compareTo\(quantity\("(?<least>[0-9A-Za-z.]+)"\)\) >= 0$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Memory();
}
