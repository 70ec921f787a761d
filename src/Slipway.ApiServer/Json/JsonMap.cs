namespace Slipway.ApiServer.Json;

/// <summary>
/// A JSON object that keeps the order of its members. Values are <see langword="null"/>, <see cref="bool"/>,
/// <see cref="long"/>, <see cref="double"/>, <see cref="string"/>, <see cref="JsonList"/> or <see cref="JsonMap"/>:
/// the value space of Kubernetes' own unstructured objects, where 1 and 1.5 are of different types.
/// </summary>
internal sealed class JsonMap : OrderedDictionary<string, object?>
{
    public JsonMap() : base(StringComparer.Ordinal)
    {
    }

    public JsonMap(int capacity) : base(capacity, StringComparer.Ordinal)
    {
    }

    public object? At(string name) => TryGetValue(name, out var value) ? value : null;

    public JsonMap? Map(string name) => At(name) as JsonMap;

    public JsonList? List(string name) => At(name) as JsonList;

    public string? Text(string name) => At(name) as string;

    public JsonMap? Map(string first, string second) => Map(first)?.Map(second);

    public string? Text(string first, string second) => Map(first)?.Text(second);

    /// <summary>Returns the object at a member, made there when it is missing or something else.</summary>
    public JsonMap Ensure(string name)
    {
        if (Map(name) is { } existing) return existing;
        var made = new JsonMap();
        this[name] = made;
        return made;
    }
}

/// <summary>A JSON array, of the value space of <see cref="JsonMap"/>.</summary>
internal sealed class JsonList : List<object?>
{
    public JsonList()
    {
    }

    public JsonList(int capacity) : base(capacity)
    {
    }

    public static JsonList Of(IEnumerable<string> items)
    {
        var list = new JsonList();
        foreach (var item in items) list.Add(item);
        return list;
    }

    public IEnumerable<string> Strings() => this.OfType<string>();

    public IEnumerable<JsonMap> Maps() => this.OfType<JsonMap>();
}
