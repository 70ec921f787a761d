using System.Text.Json.Nodes;

namespace Slipway.Web.Manifests;

/// <summary>What has to be merged into one object to make another of it (RFC 7386).</summary>
public static class MergePatch
{
    /// <summary>The difference.</summary>
    /// <param name="from">What is.</param>
    /// <param name="to">What is wanted; it has no nulls, which a patch cannot set.</param>
    /// <returns>The patch; empty where nothing is different.</returns>
    public static JsonObject Between(JsonObject from, JsonObject to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        var patch = new JsonObject();
        foreach (var (name, _) in from)
            if (!to.ContainsKey(name)) patch[name] = null;
        foreach (var (name, wanted) in to)
        {
            var now = from[name];
            if (JsonNode.DeepEquals(now, wanted)) continue;
            patch[name] = now is JsonObject before && wanted is JsonObject after ? Between(before, after) : wanted?.DeepClone();
        }

        return patch;
    }
}
