using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing;

/// <summary>JSON as importers read and write it.</summary>
internal static class ImportJson
{
    /// <summary>The objects of a file with one on each line; what is none is named.</summary>
    public static IEnumerable<(JsonObject Line, string Place)> Lines(string name, string text, SuiteBuilder suite)
    {
        if (text.StartsWith("version https://git-lfs.github.com/", StringComparison.Ordinal))
        {
            suite.NotTaken(name, "is a pointer of Git LFS, not the file: fetch it with git lfs pull");
            yield break;
        }

        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            JsonObject? map = null;
            try
            {
                map = JsonNode.Parse(line, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
                if (map is null) suite.NotTaken($"{name} line {number}", "is no JSON object");
            }
            catch (JsonException wrong)
            {
                suite.NotTaken($"{name} line {number}", wrong.Message);
            }

            if (map is not null) yield return (map, $"{name} line {number}");
        }
    }

    /// <summary>A file; null, and named, when it can't be had.</summary>
    public static string? File(string place, string name, Func<string, string> file, SuiteBuilder suite)
    {
        try
        {
            return file(name);
        }
        catch (IOException unreadable)
        {
            suite.NotTaken(place, $"{name} cannot be read: {unreadable.Message}");
            return null;
        }
    }

    public static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    public static bool? Flag(JsonNode? node) => node?.GetValueKind() switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    /// <summary>Texts: one, or a list; null when it is neither.</summary>
    public static IReadOnlyList<string>? Texts(JsonNode? node) => node switch
    {
        JsonArray list when list.All(static n => n is JsonValue) => [.. list.Select(static n => Text(n) ?? n!.ToJsonString())],
        JsonValue value => [Text(value) ?? value.ToJsonString()],
        _ => null,
    };

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(static t => (JsonNode)JsonValue.Create(t))]);

    public static JsonObject Grader(string type, JsonObject? with = null) => with is null ? new() { ["type"] = type } : new() { ["type"] = type, ["with"] = with };

    public static JsonArray Graders(params IEnumerable<JsonObject> graders) => new([.. graders]);

    public static JsonArray User(string text) => [new JsonObject { ["role"] = "user", ["content"] = text }];

    /// <summary>A conversation in OpenAI's form; null, and named, when it has what a suite's has not.</summary>
    public static JsonArray? Messages(JsonNode? node, string place, SuiteBuilder suite)
    {
        if (Text(node) is { } only) return User(only);
        if (node is not JsonArray { Count: > 0 } list)
        {
            suite.NotTaken(place, "has no text and no list of messages");
            return null;
        }

        var messages = new JsonArray();
        foreach (var (message, i) in list.Select(static (m, i) => (m as JsonObject, i)))
        {
            var (role, content) = (Text(message?["role"]), Content(message?["content"]));
            var wrong = message is null ? "is no object"
                : role is not ("user" or "system" or "assistant" or "developer") ? $"has the role {role ?? "null"}; a suite has user, system and assistant"
                : content is null ? "has content that is not text"
                : message.Select(static p => p.Key).Except(["role", "content", "refusal", "annotations"]).Where(k => message[k] is not null).FirstOrDefault() is { } more ? $"has {more}, which a suite's messages have not"
                : null;
            if (wrong is not null)
            {
                suite.NotTaken($"{place} message {i + 1}", wrong);
                return null;
            }

            messages.Add((JsonNode)new JsonObject { ["role"] = role == "developer" ? "system" : role, ["content"] = content });
        }

        return messages;
    }

    // Parts of text are one text; pictures and sound are none.
    private static string? Content(JsonNode? content) => content is JsonArray parts
        ? parts.All(static p => p is JsonObject && Text(p["type"]) == "text" && Text(p["text"]) is not null) ? string.Concat(parts.Select(static p => Text(p!["text"]))) : null
        : Text(content);
}
