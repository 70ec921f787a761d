using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Patch;

/// <summary>JSON Merge Patch (RFC 7386).</summary>
internal static class MergePatch
{
    public static JsonMap Apply(JsonMap target, JsonMap patch)
    {
        foreach (var (name, change) in patch)
        {
            switch (change)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonMap map:
                    target[name] = Apply(target.Map(name) ?? new JsonMap(), map);
                    break;
                default:
                    target[name] = JsonValues.Copy(change);
                    break;
            }
        }

        return target;
    }
}
