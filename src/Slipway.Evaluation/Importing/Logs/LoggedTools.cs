using System.Text.Json.Nodes;

namespace Slipway.Evaluation.Importing.Logs;

/// <summary>Tools and calls of other APIs, in the form of OpenAI's chat API.</summary>
internal static class LoggedTools
{
    /// <summary>Tools; null where there are none. One that a suite cannot have, such as a search that the server makes itself, is named.</summary>
    public static JsonArray? Of(JsonNode? tools, Func<JsonObject, JsonObject?> tool, string place, SuiteBuilder suite)
    {
        var taken = new JsonArray();
        foreach (var one in tools as JsonArray ?? [])
        {
            if (one is JsonObject map && tool(map) is { } made) taken.Add((JsonNode)made);
            else suite.NotTaken($"{place}.tools", $"{ImportJson.Text(one?["type"]) ?? "one of them"} is no function: the server has to run it");
        }

        return taken.Count == 0 ? null : taken;
    }

    public static JsonObject Function(JsonNode? name, JsonNode? description, JsonNode? parameters)
    {
        var function = new JsonObject { ["name"] = name?.DeepClone() };
        if (description is not null) function["description"] = description.DeepClone();
        if (parameters is not null) function["parameters"] = parameters.DeepClone();
        return new JsonObject { ["type"] = "function", ["function"] = function };
    }

    public static JsonNode Call(JsonNode? name, JsonNode? arguments) =>
        new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name?.DeepClone(), ["arguments"] = arguments?.DeepClone() } };
}
