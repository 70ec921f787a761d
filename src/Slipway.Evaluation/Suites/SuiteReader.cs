using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;

namespace Slipway.Evaluation.Suites;

/// <summary>What came of reading a suite.</summary>
/// <param name="Suite">The suite; null when anything was wrong.</param>
/// <param name="Problems">All that was wrong, each with its place.</param>
public sealed record SuiteReading(EvaluationSuite? Suite, ImmutableArray<string> Problems)
{
    /// <summary>The suite's manifest, whole and with every shorthand written out: what can be put into a Kubernetes API. Null when anything was wrong.</summary>
    public JsonObject? Manifest { get; init; }
}

/// <summary>Reads an EvaluationSuite (<c>slipway.dev/v1alpha1</c>) from its manifest and the lines of prompts that it refers to.</summary>
public static class SuiteReader
{
    /// <summary>Most prompts of a suite.</summary>
    public const int MostPrompts = 100_000;

    /// <summary>Reads one.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="file">Gives the text of a file that it names; throws <see cref="IOException"/> when there is none. Null where files cannot be named.</param>
    public static SuiteReading Read(JsonObject manifest, Func<string, string>? file = null)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var problems = new List<string>();
        var top = new Fields(manifest, "", problems);
        if (top.Text("apiVersion") is not "slipway.dev/v1alpha1") top.Problem("apiVersion", "has to be slipway.dev/v1alpha1");
        if (top.Text("kind") is not "EvaluationSuite") top.Problem("kind", "has to be EvaluationSuite");
        var name = (manifest["metadata"] as JsonObject)?["name"] is JsonValue n && n.TryGetValue<string>(out var text) ? text : "";
        if (name.Length == 0) top.Problem("metadata.name", "is required");
        var spec = top.Object("spec");

        var description = spec.Text("description") ?? "";
        var settings = Settings(spec.Object("request"), out var system);
        var graders = Graders(spec, []);
        var entries = new List<JsonObject>();
        var prompts = ImmutableArray.CreateBuilder<Prompt>();
        foreach (var (node, at) in spec.List("prompts").Concat(Lines(spec, file)))
        {
            if (prompts.Count == MostPrompts)
            {
                spec.Problem("prompts", $"has more than {MostPrompts} entries");
                break;
            }

            if (node is not JsonObject entry)
            {
                problems.Add($"{at} is an object with prompt (or messages) and expected");
                continue;
            }

            entries.Add(entry);
            if (Prompt(new Fields(entry, at, problems), system, graders) is { } prompt) prompts.Add(prompt);
        }

        spec.Done();
        if (prompts.Count == 0 && problems.Count == 0) spec.Problem("prompts", "is empty: give prompts here or in a file named by spec.source.file");
        problems.AddRange(prompts.GroupBy(static p => p.Id, StringComparer.Ordinal).Where(static g => g.Count() > 1).Select(static g => $"the id {g.Key} is given {g.Count()} times: results are kept by it, so each prompt needs its own"));
        if (problems.Count > 0) return new(null, [.. problems]);

        var written = SuiteManifest.Of(manifest, name, entries);
        return new(new EvaluationSuite(name, prompts.ToImmutable(), settings, SuiteManifest.Digest(written)) { Description = description }, []) { Manifest = written };
    }

    /// <summary>Reads graders that stand by themselves, outside of a suite.</summary>
    /// <param name="graders">The list, as a suite has it.</param>
    /// <returns>The graders, and all that is wrong with them.</returns>
    public static (ImmutableArray<GraderUse> Graders, ImmutableArray<string> Problems) ReadGraders(JsonArray graders)
    {
        var problems = new List<string>();
        var uses = Graders(new Fields(new JsonObject { ["graders"] = graders }, "", problems), []);
        if (!uses.IsEmpty && uses.All(static g => g.Weight == 0)) problems.Add("graders have weights of 0 only: nothing is left to score");
        return (uses, [.. problems]);
    }

    // The prompts of spec.source.file: one JSON object a line, with the fields of an entry of spec.prompts.
    private static IEnumerable<(JsonNode? Node, string At)> Lines(Fields spec, Func<string, string>? file)
    {
        if (!spec.Has("source")) yield break;
        var source = spec.Object("source");
        var name = source.Text("file");
        source.Done();
        if (name is null)
        {
            source.Problem("file", "is required: a file with a JSON object on each line");
            yield break;
        }

        string text;
        try
        {
            text = file is null ? throw new IOException("files cannot be named here") : file(name);
        }
        catch (IOException unreadable)
        {
            source.Problem("file", $"{name} cannot be read: {unreadable.Message}");
            yield break;
        }

        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            JsonNode? node = null;
            try
            {
                node = JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            }
            catch (JsonException wrong)
            {
                spec.Problem("source", $"{name} line {number}: {wrong.Message}");
                continue;
            }

            yield return (node, $"{name} line {number}:");
        }
    }

    private static RequestSettings Settings(Fields request, out string? system)
    {
        var settings = new RequestSettings
        {
            Temperature = request.Number("temperature", 0, 2),
            TopP = request.Number("topP", 0, 1),
            MaxTokens = (int)(request.Whole("maxTokens", 1, 1_000_000) ?? 256),
            Seed = request.Whole("seed", 0, 1L << 53),
            Stop = request.Texts("stop"),
        };
        system = request.Text("system");
        request.Done();
        return settings;
    }

    private static ImmutableArray<GraderUse> Graders(Fields from, ImmutableArray<GraderUse> otherwise)
    {
        if (!from.Has("graders")) return otherwise;
        var uses = ImmutableArray.CreateBuilder<GraderUse>();
        foreach (var (node, at) in from.List("graders"))
        {
            // The type alone will do where there is nothing to say of it.
            var fields = new Fields(node is JsonValue word && word.TryGetValue<string>(out var only) ? new JsonObject { ["type"] = only } : node as JsonObject, at, from.Problems);
            var type = fields.Text("type");
            if (type is null)
            {
                fields.Problem("type", $"is required: one of {string.Join(", ", GraderCatalog.Types)}");
                continue;
            }

            var name = fields.Text("name") ?? type;
            var weight = fields.Number("weight", 0, 1000) ?? 1;
            var critical = fields.Flag("critical");
            var grader = GraderCatalog.Create(type, fields.Object("with"));
            fields.Done();
            if (grader is null) fields.Problem("type", $"\"{type}\" is no grader: {string.Join(", ", GraderCatalog.Types)} are");
            else uses.Add(new GraderUse(name, type, grader) { Weight = weight, Critical = critical });
        }

        return uses.ToImmutable();
    }

    private static Prompt? Prompt(Fields entry, string? system, ImmutableArray<GraderUse> defaults)
    {
        var (text, id) = (entry.Text("prompt"), entry.Text("id"));
        var messages = ImmutableArray.CreateBuilder<Message>();
        foreach (var (node, at) in entry.List("messages"))
        {
            var message = new Fields(node as JsonObject, at, entry.Problems);
            var (role, content) = (message.Word("role", "user", "system", "assistant"), message.Text("content"));
            message.Done();
            if (content is null) message.Problem("content", "is required");
            else messages.Add(new Message(role, content));
        }

        if (text is not null && messages.Count > 0) entry.Problem("prompt", "and messages exclude each other");
        if (text is null && messages.Count == 0) entry.Problem("prompt", "is required: the question, or messages for a conversation");
        if (text is not null) messages.Add(new Message("user", text));
        if (system is not null && messages.All(static m => m.Role != "system")) messages.Insert(0, new Message("system", system));
        if (string.IsNullOrWhiteSpace(id)) entry.Problem("id", "is required: results are kept by it");

        var graders = Graders(entry, defaults);
        if (!graders.IsEmpty && graders.All(static g => g.Weight == 0)) entry.Problem("graders", "have weights of 0 only: nothing is left to score");
        if (graders.IsEmpty) entry.Problem("graders", "is required, here or in spec.graders: without one nothing says how good an answer is");
        var expected = entry.Texts("expected");
        var tools = entry.Any("tools");
        if (tools is not (null or JsonArray)) entry.Problem("tools", "is a list in the form of OpenAI's tools");
        var (stratum, cluster) = (entry.Text("stratum") ?? "", entry.Text("cluster") ?? id);
        entry.Done();
        foreach (var use in graders) use.Grader.Check(expected, what => entry.Problem("", $"({use.Name}) {what}"));
        return id is null || messages.Count == 0
            ? null
            : new Prompt(id, messages.ToImmutable()) { Expected = expected, Stratum = stratum, Cluster = cluster ?? id, Tools = tools?.ToJsonString(), Graders = graders };
    }
}
