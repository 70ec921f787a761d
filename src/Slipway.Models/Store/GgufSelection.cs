using System.Text.RegularExpressions;

namespace Slipway.Models.Store;

/// <summary>Chooses a model's files among those of a repository.</summary>
/// <remarks>
/// A model split as <c>name-00001-of-0000N.gguf</c> is one choice. Projector files (<c>mmproj</c>) and importance matrices are no models.
/// When nothing is asked, the first of <see cref="Preference"/> that exists is taken: <c>Q4_K_M</c> first, because it is the smallest
/// whose loss is hard to notice on common suites; when none of them exists, the alphabetically first file.
/// </remarks>
public static partial class GgufSelection
{
    /// <summary>Quantisations from the most to the least wanted when none is asked.</summary>
    public static IReadOnlyList<string> Preference { get; } =
    [
        "Q4_K_M", "Q4_K_S", "Q5_K_M", "Q5_K_S", "Q6_K", "Q8_0", "Q4_0", "IQ4_XS", "IQ4_NL", "Q5_0", "MXFP4", "Q3_K_M", "Q3_K_L", "F16", "BF16",
    ];

    /// <summary>Chooses.</summary>
    /// <param name="files">Paths in the repository.</param>
    /// <param name="request">What is asked for.</param>
    public static GgufChoice Choose(IEnumerable<string> files, ModelRequest request)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(request);
        var candidates = files.Where(IsModel).GroupBy(GroupName, StringComparer.Ordinal).Select(static g => new Candidate(g.Key, g))
            .OrderBy(static c => c.Name, StringComparer.OrdinalIgnoreCase).ToList();
        if (candidates.Count == 0) return new GgufChoice.None();
        if (request.File is { } file) return Named(candidates, file);
        var found = request.Quantization is { } wanted
            ? candidates.Find(c => string.Equals(c.Quantization, wanted.Trim(), StringComparison.OrdinalIgnoreCase))
            : Preferred(candidates);
        return found is null ? new GgufChoice.NoMatch(Names(candidates)) : Checked(found);
    }

    /// <summary>Quantisation that a file name tells, in capitals; null when it tells none.</summary>
    /// <param name="file">Path in a repository.</param>
    public static string? QuantizationOf(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        // The last word that looks like one: "model-f16-Q4_K_M.gguf" is Q4_K_M. A folder may carry it: "Q8_0/model-00001-of-00002.gguf".
        var matches = Quantization().Matches(file);
        return matches.Count == 0 ? null : matches[^1].Groups["q"].Value.ToUpperInvariant();
    }

    private static GgufChoice Named(List<Candidate> candidates, string file)
    {
        // Naming any part of a split model asks for the whole.
        var found = candidates.Find(c => c.Files.Contains(file, StringComparer.Ordinal));
        return found is null ? new GgufChoice.NoMatch([.. candidates.SelectMany(static c => c.Files)]) : Checked(found);
    }

    private static Candidate? Preferred(List<Candidate> candidates) =>
        Preference.Select(q => candidates.Find(c => string.Equals(c.Quantization, q, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(static c => c is not null) ?? candidates[0];

    private static IReadOnlyList<string> Names(List<Candidate> candidates) =>
        [.. candidates.Select(static c => c.Quantization ?? c.Name).Distinct(StringComparer.OrdinalIgnoreCase)];

    private static GgufChoice Checked(Candidate candidate)
    {
        var parts = candidate.Files.Select(static f => Split().Match(f)).Where(static m => m.Success).ToList();
        if (parts.Count == 0) return new GgufChoice.Chosen(candidate.Files);
        var total = int.Parse(parts[0].Groups["total"].ValueSpan, provider: null);
        return parts.Count == total ? new GgufChoice.Chosen(candidate.Files) : new GgufChoice.Incomplete(parts.Count, total);
    }

    private static bool IsModel(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
            && !name.Contains("mmproj", StringComparison.OrdinalIgnoreCase)
            && !name.Contains("imatrix", StringComparison.OrdinalIgnoreCase);
    }

    private static string GroupName(string path) => Split().Replace(path, "-of-${total}.gguf");

    [GeneratedRegex(@"-\d{5}-of-(?<total>\d{5})\.gguf$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Split();

    [GeneratedRegex(@"(?<![A-Za-z0-9])(?<q>(UD-)?(I?Q[1-8](_(K|[0-9]|XXS|XS|S|M|NL)(_(XXS|XS|S|M|L|XL))?)+|TQ[12]_0|MXFP4(_MOE)?|BF16|F16|F32|FP16))(?![A-Za-z0-9])",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quantization();

    private sealed class Candidate(string name, IEnumerable<string> files)
    {
        public string Name { get; } = name;

        public IReadOnlyList<string> Files { get; } = [.. files.Order(StringComparer.Ordinal)];

        public string? Quantization { get; } = QuantizationOf(name);
    }
}
