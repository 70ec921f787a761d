using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Schemas;

/// <summary>
/// A part of an object beside the same part of its stored state. Properties correlate by name and items of a list of type map by their
/// keys; other items have no counterpart. What did not change is not held against an update (KEP-4008).
/// </summary>
internal sealed class Correlated(object? value, object? old, Schema schema)
{
    private Dictionary<object, Correlated>? _parts;
    private Dictionary<string, JsonMap>? _oldItems;
    private bool? _isSame;

    public object? Old => old;

    /// <summary>Gets whether both states are equal here, where items of a list of type map may have changed places.</summary>
    public bool IsSame => _isSame ??= Compare();

    public Correlated? Member(string name)
    {
        if (_parts?.GetValueOrDefault(name) is { } known) return known;
        if (old is not JsonMap before || value is not JsonMap now || !before.TryGetValue(name, out var oldMember) || !now.TryGetValue(name, out var member)) return null;
        if (!schema.Properties.TryGetValue(name, out var inner)) inner = schema.AdditionalProperties;
        return inner is null || ReferenceEquals(inner, Schema.Anything) ? null : Keep(name, new Correlated(member, oldMember, inner));
    }

    public Correlated? Item(int index)
    {
        if (_parts?.GetValueOrDefault(index) is { } known) return known;
        if (schema.ListKind is not ListKind.Map || schema.Items is not { } items || old is not JsonList before || value is not JsonList now) return null;
        return index < now.Count && Identity(now[index]) is { } key && Index(before).GetValueOrDefault(key) is { } match
            ? Keep(index, new Correlated(now[index], match, items))
            : null;
    }

    private Correlated Keep(object at, Correlated part) => (_parts ??= [])[at] = part;

    private Dictionary<string, JsonMap> Index(JsonList list)
    {
        if (_oldItems is not null) return _oldItems;
        _oldItems = new(StringComparer.Ordinal);
        foreach (var item in list.Maps())
            if (Identity(item) is { } key) _oldItems.TryAdd(key, item);
        return _oldItems;
    }

    /// <summary>Gets the values of an item's keys as one text; null when one is missing or no scalar.</summary>
    private string? Identity(object? item)
    {
        if (item is not JsonMap map || schema.MapKeys.Count == 0) return null;
        var parts = new JsonList(schema.MapKeys.Count);
        foreach (var key in schema.MapKeys)
        {
            if (!map.TryGetValue(key, out var part) || part is null or JsonMap or JsonList) return null;
            parts.Add(part);
        }

        return JsonText.Of(parts);
    }

    private bool Compare()
    {
        switch (value, old)
        {
            case (JsonMap now, JsonMap before):
                if (now.Count != before.Count) return false;
                foreach (var name in now.Keys)
                    if (Member(name) is not { IsSame: true }) return false;
                return true;
            case (JsonList now, JsonList before):
                if (schema.ListKind is not ListKind.Map || now.Count != before.Count) return JsonValues.Same(now, before);
                for (var i = 0; i < now.Count; i++)
                    if (Item(i) is not { IsSame: true }) return false;
                return true;
            default:
                return JsonValues.Same(value, old);
        }
    }
}
