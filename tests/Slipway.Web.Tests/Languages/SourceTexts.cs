using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Testing;
using Slipway.Web.Languages;

namespace Slipway.Web.Tests.Languages;

/// <summary>The texts that the sources of the page pass through its door, as the files of languages have them for keys.</summary>
internal static partial class SourceTexts
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "src", "Slipway.Web");

    /// <summary>The sources, by their path within the room.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
        .Where(static f => f.EndsWith(".razor", StringComparison.Ordinal) || f.EndsWith(".cs", StringComparison.Ordinal))
        .ToDictionary(static f => Path.GetRelativePath(Folder, f).Replace('\\', '/'), File.ReadAllText, StringComparer.Ordinal)
        .Where(static f => !f.Key.StartsWith("Languages/", StringComparison.Ordinal) && !f.Key.StartsWith("obj/", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);

    /// <summary>Each text, with the first of the sources that has it.</summary>
    public static SortedDictionary<string, string> Read()
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, source) in Files.OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            foreach (Match call in One().Matches(source)) texts.TryAdd(Unescape(call.Groups["text"].Value), file);
            foreach (Match call in Many().Matches(source)) texts.TryAdd(Unescape(call.Groups["one"].Value) + TranslatedLanguage.Between + Unescape(call.Groups["many"].Value), file);
        }

        return texts;
    }

    // C#'s escapes that the sources use are JSON's.
    private static string Unescape(string literal) => JsonSerializer.Deserialize<string>($"\"{literal}\"")!;

    [GeneratedRegex("""\b(?:T|N|Sentence)\("(?<text>(?:[^"\\]|\\.)*)["]""", RegexOptions.ExplicitCapture)]
    private static partial Regex One();

    [GeneratedRegex("""\bCount\([^"\n]*?, "(?<one>(?:[^"\\]|\\.)*)", "(?<many>(?:[^"\\]|\\.)*)["]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Many();
}
