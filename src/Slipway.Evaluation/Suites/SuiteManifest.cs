using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Suites;

/// <summary>The one form of a suite's manifest: whole, with every shorthand written out, as the Kubernetes kind has it. A suite has one digest, however it was written.</summary>
internal static class SuiteManifest
{
    public static JsonObject Of(JsonObject manifest, string name, IEnumerable<JsonObject> prompts)
    {
        var spec = manifest["spec"] as JsonObject ?? [];
        var written = new JsonArray();
        foreach (var prompt in prompts) written.Add((JsonNode)Prompt(prompt));
        var normal = new JsonObject();
        if (spec["description"] is { } description) normal["description"] = description.DeepClone();
        if (spec["request"] is JsonObject request) normal["request"] = Request(request);
        if (spec["graders"] is JsonArray graders) normal["graders"] = Graders(graders);
        normal["prompts"] = written;
        return new JsonObject { ["apiVersion"] = "slipway.dev/v1alpha1", ["kind"] = "EvaluationSuite", ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = normal };
    }

    /// <summary>The digest of all that decides a score.</summary>
    public static string Digest(JsonObject manifest)
    {
        var decisive = manifest["spec"]!.DeepClone().AsObject();
        decisive.Remove("description");
        return CanonicalJson.Digest(decisive);
    }

    private static JsonObject Request(JsonObject request)
    {
        var written = request.DeepClone().AsObject();
        if (written["stop"] is JsonValue one) written["stop"] = new JsonArray(one.DeepClone());
        return written;
    }

    private static JsonObject Prompt(JsonObject prompt)
    {
        var written = prompt.DeepClone().AsObject();
        if (written["graders"] is JsonArray graders) written["graders"] = Graders(graders);
        if (written["expected"] is { } expected)
        {
            var texts = new JsonArray();
            foreach (var value in expected as JsonArray ?? [expected.DeepClone()]) texts.Add((JsonNode)Fields.AsText(value));
            written["expected"] = texts;
        }

        return written;
    }

    private static JsonArray Graders(JsonArray graders)
    {
        var written = new JsonArray();
        foreach (var grader in graders)
        {
            var use = grader is JsonValue word ? new JsonObject { ["type"] = word.DeepClone() } : grader!.DeepClone().AsObject();
            // What is usual says nothing.
            if (use["with"] is JsonObject { Count: 0 }) use.Remove("with");
            written.Add((JsonNode)use);
        }

        return written;
    }
}
