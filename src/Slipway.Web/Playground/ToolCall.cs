using System.Text.Json.Nodes;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Playground;

/// <summary>A tool that a model wants called.</summary>
/// <param name="Id">By which the result is given back.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Its arguments: JSON, as far as the model keeps to it.</param>
public sealed record ToolCall(string Id, string Name, string Arguments)
{
    /// <summary>Puts together what comes in pieces: each says to which call it belongs, its name once, its arguments little by little.</summary>
    /// <param name="calls">The calls so far.</param>
    /// <param name="pieces">The <c>tool_calls</c> of a delta.</param>
    internal static IReadOnlyList<ToolCall> Join(IReadOnlyList<ToolCall> calls, JsonArray pieces)
    {
        var joined = calls.ToList();
        foreach (var piece in pieces)
        {
            var at = (int?)piece?["index"] ?? Math.Max(0, joined.Count - 1);
            if (at < 0 || at > joined.Count || at >= ToolList.Most) throw new InvalidOperationException(T("The engine sent a piece of tool call {0}, of which there is no beginning.", at));
            // Some engines give no id; a result has to name one all the same.
            if (at == joined.Count) joined.Add(new ToolCall($"call_{at}", "", ""));
            var call = joined[at];
            joined[at] = new ToolCall(
                (string?)piece?["id"] is { Length: > 0 } id ? id : call.Id,
                call.Name + (string?)piece?["function"]?["name"],
                call.Arguments + (string?)piece?["function"]?["arguments"]);
        }

        return joined;
    }

    /// <summary>The arguments, indented where they are JSON, and as they came where not.</summary>
    internal string Shown
    {
        get
        {
            try
            {
                return JsonNode.Parse(Arguments)?.ToString() ?? "null";
            }
            catch (System.Text.Json.JsonException)
            {
                return Arguments;
            }
        }
    }
}
