namespace Slipway.ApiServer.Json;

/// <summary>Dotted paths of simple member names, as field selectors and printer columns use them.</summary>
internal static class JsonPaths
{
    public static object? Get(object? value, string dotted)
    {
        foreach (var part in dotted.Split('.'))
        {
            if (value is not JsonMap map || !map.TryGetValue(part, out value)) return null;
        }

        return value;
    }

    /// <summary>Sets the value at a path, making the objects on the way.</summary>
    public static void Set(JsonMap root, string dotted, object? value)
    {
        var parts = dotted.Split('.');
        var map = root;
        foreach (var part in parts.AsSpan(0, parts.Length - 1)) map = map.Ensure(part);
        map[parts[^1]] = value;
    }
}
