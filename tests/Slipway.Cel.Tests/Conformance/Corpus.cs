using System.Text.Json;

namespace Slipway.Cel.Tests.Conformance;

/// <summary>The public conformance suites as lines of JSON, from the folder "shared" beside the checkout or from SLIPWAY_SHARED.</summary>
internal static class Corpus
{
    public static string Folder { get; } = Path.Combine(Environment.GetEnvironmentVariable("SLIPWAY_SHARED") ?? Path.Combine(Root(), "..", "shared"), "data", "cel");

    public static List<Case> Spec => [.. Read("spec.jsonl").Where(c => !c.Json.GetProperty("needsProto").GetBoolean())];

    public static List<Case> Kubernetes => Read("k8s-library.jsonl");

    private static List<Case> Read(string file) =>
        [.. File.ReadLines(Path.Combine(Folder, file)).Select((line, i) => new Case(file[..^6], i + 1, JsonDocument.Parse(line).RootElement))];

    // From where the tests run: a deterministic build leaves no source paths in the program.
    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "slipway.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException("slipway.slnx is in no folder above the tests.");
    }
}

internal sealed record Case(string File, int Line, JsonElement Json)
{
    public string Suite => Json.GetProperty("file").GetString()!;

    public string Expression => Json.GetProperty("expr").GetString()!;

    public JsonElement Expected => Json.GetProperty("expected");

    /// <summary>Stays the same when lines move.</summary>
    public string Id => $"{File} {Suite}/{Json.GetProperty("section").GetString()}/{Json.GetProperty("name").GetString()}";

    public bool Flag(string name) => Json.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
