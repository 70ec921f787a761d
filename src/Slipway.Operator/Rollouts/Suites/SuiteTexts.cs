using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.Api;
using Slipway.Api.Rollouts;
using Slipway.Evaluation.Suites;
using Slipway.Kubernetes.Objects;
using ApiSuite = Slipway.Api.Rollouts.EvaluationSuite;

namespace Slipway.Operator.Rollouts.Suites;

/// <summary>Prompts that are not in their suite but somewhere that it names, kept at hand once they are read.</summary>
/// <param name="maps">Reads a text of a ConfigMap: the ConfigMap and the key.</param>
/// <param name="artifacts">Reads an OCI artifact.</param>
internal sealed class SuiteTexts(Func<NamespacedName, string, CancellationToken, Task<(string? Text, string? Fault)>> maps, Func<string, CancellationToken, Task<(string? Text, string? Fault)>> artifacts)
{
    // The key of a ConfigMap is a name, and this is what the reader calls the text.
    private const string File = "the text";

    private readonly ConcurrentDictionary<NamespacedName, Kept> _kept = new();

    /// <summary>The suite with its prompts in it; as it is where they are not read yet.</summary>
    public ApiSuite? Whole(ApiSuite? suite) =>
        suite?.Spec.Source is not null && _kept.GetValueOrDefault(Key(suite)) is { } kept && kept.Uid == suite.Metadata.Uid && kept.Generation == suite.Metadata.Generation && kept.Spec is { } spec ? suite with { Spec = spec } : suite;

    /// <summary>Tells one text from the next; empty for suites that have their prompts in them.</summary>
    public string Version(ApiSuite? suite) => suite?.Spec.Source is null ? "" : _kept.GetValueOrDefault(Key(suite))?.Digest ?? "";

    /// <summary>Whether an artifact, which cannot change, is read.</summary>
    public bool IsSettled(ApiSuite suite) => suite.Spec.Source?.Oci is not null && Whole(suite)!.Spec.Source is null;

    /// <summary>Forgets what is there no more.</summary>
    public void Forget(NamespacedName suite) => _kept.TryRemove(suite, out _);

    /// <summary>Reads them.</summary>
    /// <param name="suite">A suite that names where its prompts are.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What came of reading the suite with them.</returns>
    public async Task<SuiteReading> ReadAsync(ApiSuite suite, CancellationToken cancellationToken)
    {
        var (key, source) = (Key(suite), suite.Spec.Source!);
        var from = source.Oci ?? $"key {MapKey(source)} of ConfigMap {source.ConfigMap!.Name}";
        var (text, fault) = source.Oci is { } artifact ? await artifacts(artifact, cancellationToken) : await maps(key with { Name = source.ConfigMap!.Name }, MapKey(source), cancellationToken);
        var reading = text is null ? new SuiteReading(null, [$"the prompts in {from} cannot be read: {fault ?? "it is not there"}"]) : Read(suite, text, from);
        _kept[key] = new Kept(suite.Metadata.Uid, suite.Metadata.Generation, reading.Suite?.Digest, reading.Manifest?["spec"].Deserialize(SlipwayJson.Default.EvaluationSuiteSpec));
        return reading;
    }

    private static SuiteReading Read(ApiSuite suite, string text, string from)
    {
        var manifest = GateSetup.Manifest(suite with { Spec = suite.Spec with { Source = null } });
        manifest["spec"]!["source"] = new System.Text.Json.Nodes.JsonObject { ["file"] = File };
        var reading = SuiteReader.Read(manifest, _ => text);
        return reading.Suite is not null ? reading : reading with { Problems = [.. reading.Problems.Select(p => p.Replace(File, from, StringComparison.Ordinal))] };
    }

    private static string MapKey(SuiteSource source) => source.ConfigMap!.Key ?? "prompts.jsonl";

    private static NamespacedName Key(ApiSuite suite) => new(suite.Metadata.Namespace ?? "", suite.Metadata.Name ?? "");

    private sealed record Kept(string? Uid, long? Generation, string? Digest, EvaluationSuiteSpec? Spec);
}
