using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Playground;

/// <summary>Tools as OpenAI's API takes them: an array of functions with a name, a description and a schema of their parameters.</summary>
public static partial class ToolList
{
    /// <summary>Most tools.</summary>
    public const int Most = 64;

    /// <summary>Most characters of the list.</summary>
    public const int MostCharacters = 32 * 1024;

    /// <summary>One tool to begin with.</summary>
    public const string Sample = """
        [
          {
            "type": "function",
            "function": {
              "name": "weather",
              "description": "The weather in a city now",
              "parameters": {
                "type": "object",
                "properties": { "city": { "type": "string", "description": "Such as Bremen" } },
                "required": ["city"]
              }
            }
          }
        ]
        """;

    /// <summary>Reads a list.</summary>
    /// <param name="text">The JSON; nothing for no tools.</param>
    /// <returns>The tools, null for none; and what is wrong, null when nothing is.</returns>
    public static (JsonArray? Tools, string? Fault) Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return (null, null);
        if (text.Length > MostCharacters) return (null, T("The tools take more than {0} KiB.", MostCharacters / 1024));
        try
        {
            if (JsonNode.Parse(text) is not JsonArray tools) return (null, T("Tools are a JSON array: [ … ]."));
            if (tools.Count > Most) return (null, T("There are {0} tools; at most {1} are taken.", tools.Count, Most));
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (tool, number) in tools.Select(static (t, i) => (t, i + 1)))
                if (Fault(tool, names) is { } fault) return (null, T("Tool {0}: {1}", number, fault));
            return (tools.Count > 0 ? tools : null, null);
        }
        catch (JsonException wrong)
        {
            return (null, T("The tools are not JSON, at line {0}, character {1}.", wrong.LineNumber + 1, wrong.BytePositionInLine + 1));
        }
        // A key that is given twice comes to light when the object is first read.
        catch (ArgumentException twice)
        {
            return (null, T("The tools are not clear: {0}", twice.Message));
        }
    }

    private static string? Fault(JsonNode? tool, HashSet<string> names)
    {
        if (tool is not JsonObject { } map || Text(map["type"]) != "function") return T("it needs \"type\": \"function\".");
        if (map["function"] is not JsonObject function) return T("it needs \"function\": { \"name\": … }.");
        if (Text(function["name"]) is not { } name || !Name().IsMatch(name)) return T("its name has 1 to 64 letters, digits, _ and -.");
        if (!names.Add(name)) return T("{0} is there twice.", name);
        return function["parameters"] is null or JsonObject ? null : T("parameters is a JSON schema: { \"type\": \"object\", … }.");
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
