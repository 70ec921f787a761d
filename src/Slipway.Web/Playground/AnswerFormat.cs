using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Grading.Json;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Playground;

/// <summary>What an answer has to be.</summary>
public enum AnswerShape
{
    /// <summary>Whatever the model says.</summary>
    Text,

    /// <summary>A JSON object.</summary>
    JsonObject,

    /// <summary>JSON by a schema.</summary>
    JsonSchema,
}

/// <summary>The <c>response_format</c> of OpenAI's API, and whether an answer keeps to it.</summary>
public sealed class AnswerFormat
{
    /// <summary>Most characters of a schema.</summary>
    public const int MostCharacters = 32 * 1024;

    /// <summary>A schema to begin with.</summary>
    public const string Sample = """
        {
          "type": "object",
          "properties": { "answer": { "type": "integer" } },
          "required": ["answer"],
          "additionalProperties": false
        }
        """;

    private readonly AnswerShape _shape;
    private readonly JsonObject? _schema;
    private readonly JsonSchema? _check;

    private AnswerFormat(AnswerShape shape, JsonObject? schema, JsonSchema? check, string? doubt) => (_shape, _schema, _check, Doubt) = (shape, schema, check, doubt);

    /// <summary>What of the schema is not checked here; null when all is. The engine gets all of it.</summary>
    public string? Doubt { get; }

    /// <summary>Reads what was chosen.</summary>
    /// <param name="shape">What an answer has to be.</param>
    /// <param name="schema">The schema, for <see cref="AnswerShape.JsonSchema"/>.</param>
    /// <returns>The format, null when none is asked for or it is wrong; and what is wrong, null when nothing is.</returns>
    public static (AnswerFormat? Format, string? Fault) Read(AnswerShape shape, string? schema)
    {
        if (shape is AnswerShape.Text) return (null, null);
        if (shape is AnswerShape.JsonObject) return (new(shape, null, null, null), null);
        if (string.IsNullOrWhiteSpace(schema)) return (null, T("Give the schema that answers keep to."));
        if (schema.Length > MostCharacters) return (null, T("The schema takes more than {0} KiB.", MostCharacters / 1024));
        try
        {
            if (JsonNode.Parse(schema) is not JsonObject map) return (null, T("A schema is a JSON object: { … }."));
            string? doubt = null;
            var check = JsonSchema.Read(map, (place, what) => doubt ??= $"schema{place} {what}");
            return (new(shape, map, doubt is null ? check : null, doubt), null);
        }
        catch (JsonException wrong)
        {
            return (null, T("The schema is not JSON, at line {0}, character {1}.", wrong.LineNumber + 1, wrong.BytePositionInLine + 1));
        }
        catch (ArgumentException twice)
        {
            return (null, T("The schema is not clear: {0}", twice.Message));
        }
    }

    /// <summary>As it is sent.</summary>
    internal JsonObject ToJson() => _shape is AnswerShape.JsonObject
        ? new() { ["type"] = "json_object" }
        : new() { ["type"] = "json_schema", ["json_schema"] = new JsonObject { ["name"] = "answer", ["strict"] = true, ["schema"] = _schema!.DeepClone() } };

    /// <summary>Whether an answer keeps to it.</summary>
    /// <param name="text">The answer.</param>
    internal JsonVerdict Judge(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            if (_shape is AnswerShape.JsonObject) return answer.RootElement.ValueKind is JsonValueKind.Object ? new(true, T("valid JSON")) : new(false, T("JSON, but not an object"));
            if (_check is null) return new(true, T("valid JSON; the schema is not checked here"));
            return _check.Check(answer.RootElement) is { } wrong ? new(false, T("not by the schema: {0}", wrong)) : new(true, T("valid by the schema"));
        }
        catch (JsonException)
        {
            return new(false, T("not JSON"));
        }
    }
}
