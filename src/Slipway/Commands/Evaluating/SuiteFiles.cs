using System.Text.Json.Nodes;
using Slipway.Evaluation.Suites;
using Slipway.Web.Manifests;

namespace Slipway.Commands.Evaluating;

/// <summary>Finds suites: those that come with Slipway by name, others by file.</summary>
internal static class SuiteFiles
{
    private const string Prefix = "suites/";
    private const long LargestFile = 256L << 20;

    /// <summary>The names of those that come with Slipway.</summary>
    public static IReadOnlyList<string> Bundled { get; } =
    [
        .. typeof(SuiteFiles).Assembly.GetManifestResourceNames()
            .Where(static n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(".yaml", StringComparison.Ordinal))
            .Select(static n => n[Prefix.Length..^".yaml".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads one.</summary>
    /// <param name="suite">A name, or a file.</param>
    /// <exception cref="CommandFailure">There is none, or it is wrong; the message names every problem.</exception>
    public static EvaluationSuite Read(string suite) => ReadWhole(suite).Suite!;

    /// <summary>Reads one, with its manifest.</summary>
    /// <inheritdoc cref="Read"/>
    public static SuiteReading ReadWhole(string suite)
    {
        var reading = Bundled.Contains(suite) ? SuiteReader.Read(Manifest(suite, BundledText($"{suite}.yaml")), BundledText) : ReadFile(suite);
        return reading.Suite is not null ? reading : throw new CommandFailure(ExitCodes.Failed, $"{suite} is no suite that can be used:\n  {string.Join("\n  ", reading.Problems.Take(20))}{More(reading.Problems.Length)}");
    }

    private static string More(int problems) => problems > 20 ? $"\n  and {problems - 20} more" : "";

    private static SuiteReading ReadFile(string path)
    {
        if (!File.Exists(path))
            throw new CommandFailure(ExitCodes.NotFound, $"There is no suite and no file {path}. Slipway comes with {string.Join(", ", Bundled)}.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return SuiteReader.Read(Manifest(path, TextOf(path)), name => TextOf(Inside(folder, name)));
    }

    // A suite may come from anybody, and what it names is sent to a model: nothing outside of its own folder.
    public static string Inside(string folder, string name)
    {
        var full = Path.GetFullPath(Path.Combine(folder, name));
        return full.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : throw new IOException("it lies outside of the suite's folder");
    }

    public static string TextOf(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LargestFile }) throw new IOException($"it is larger than {LargestFile >> 20} MiB");
        return File.ReadAllText(path);
    }

    private static JsonObject Manifest(string name, string text)
    {
        try
        {
            return YamlText.Read(text) as JsonObject ?? throw new FormatException("it is empty");
        }
        catch (FormatException wrong)
        {
            throw new CommandFailure(ExitCodes.Failed, $"{name} is no YAML or JSON of a suite: {wrong.Message}");
        }
    }

    private static string BundledText(string name)
    {
        using var stream = typeof(SuiteFiles).Assembly.GetManifestResourceStream(Prefix + name) ?? throw new FileNotFoundException($"{name} does not come with Slipway");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
