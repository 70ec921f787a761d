using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation;

/// <summary>Conditions of a status.</summary>
internal static class Conditions
{
    /// <summary>Whether a condition holds.</summary>
    public static bool IsTrue(JsonElement value, string type) => value.At("status").Items("conditions").Any(c => c.Text("type") == type && c.Text("status") is "True");

    /// <summary>All conditions of an object, with one of them changed; its time of transition stays where its status does.</summary>
    public static JsonArray With(JsonElement value, string type, bool status, string reason, string message, DateTimeOffset now) => With(value, [(type, status, reason, message)], now);

    /// <summary>All conditions of an object, with some of them changed.</summary>
    public static JsonArray With(JsonElement value, IReadOnlyList<(string Type, bool Status, string Reason, string Message)> changed, DateTimeOffset now)
    {
        var all = new JsonArray();
        foreach (var kept in value.At("status").Items("conditions").Where(c => !changed.Any(n => n.Type == c.Text("type")))) all.Add(JsonNode.Parse(kept.GetRawText()));
        foreach (var (type, status, reason, message) in changed)
        {
            var before = value.At("status").Items("conditions").FirstOrDefault(c => c.Text("type") == type);
            var word = status ? "True" : "False";
            var since = before.Text("status") == word && before.Text("lastTransitionTime") is { Length: > 0 } then ? then : Time.Text(now);
            var condition = new JsonObject { ["type"] = type, ["status"] = word, ["lastTransitionTime"] = since };
            if (reason.Length > 0) condition["reason"] = reason;
            if (message.Length > 0) condition["message"] = message;
            all.Add((JsonNode)condition);
        }

        return all;
    }
}
