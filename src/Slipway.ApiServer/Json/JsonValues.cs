namespace Slipway.ApiServer.Json;

/// <summary>Equality and copying of values.</summary>
internal static class JsonValues
{
    public static bool Same(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (JsonMap a, JsonMap b) => SameMaps(a, b),
        (JsonList a, JsonList b) => SameLists(a, b),
        (long a, double b) => a == b,
        (double a, long b) => a == b,
        _ => Equals(left, right),
    };

    public static object? Copy(object? value) => value switch
    {
        JsonMap map => Copy(map),
        JsonList list => Copy(list),
        _ => value,
    };

    public static JsonMap Copy(JsonMap map)
    {
        var copy = new JsonMap(map.Count);
        foreach (var (name, member) in map) copy.Add(name, Copy(member));
        return copy;
    }

    public static JsonList Copy(JsonList list)
    {
        var copy = new JsonList(list.Count);
        foreach (var item in list) copy.Add(Copy(item));
        return copy;
    }

    /// <summary>About how many bytes the value is as JSON, counted no further than the limit.</summary>
    public static long Size(object? value, long limit) => value switch
    {
        _ when limit <= 0 => 0,
        string text => text.Length + 2,
        JsonMap map => map.Aggregate(2L, (sum, member) => sum + member.Key.Length + 4 + Size(member.Value, limit - sum)),
        JsonList list => list.Aggregate(2L, (sum, item) => sum + 1 + Size(item, limit - sum)),
        _ => 4,
    };

    /// <summary>Whether objects and lists are nested no deeper than so many levels.</summary>
    public static bool IsWithin(object? value, int levels) => value switch
    {
        JsonMap map => levels > 0 && map.Values.All(member => IsWithin(member, levels - 1)),
        JsonList list => levels > 0 && list.All(item => IsWithin(item, levels - 1)),
        _ => true,
    };

    /// <summary>Copies the object but not what its members hold.</summary>
    public static JsonMap Shallow(JsonMap map)
    {
        var copy = new JsonMap(map.Count);
        foreach (var (name, member) in map) copy.Add(name, member);
        return copy;
    }

    private static bool SameMaps(JsonMap a, JsonMap b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a.Count != b.Count) return false;
        foreach (var (name, member) in a)
            if (!b.TryGetValue(name, out var other) || !Same(member, other)) return false;
        return true;
    }

    private static bool SameLists(JsonList a, JsonList b)
    {
        if (ReferenceEquals(a, b)) return true;
        if (a.Count != b.Count) return false;
        for (var i = 0; i < a.Count; i++)
            if (!Same(a[i], b[i])) return false;
        return true;
    }
}
