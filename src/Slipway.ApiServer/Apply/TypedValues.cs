using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Apply;

/// <summary>What changed between two values, as sets of paths.</summary>
internal sealed class Comparison
{
    public FieldSet Added { get; init; } = new();

    public FieldSet Removed { get; init; } = new();

    public FieldSet Modified { get; init; } = new();
}

/// <summary>The structured-merge operations on values that a schema describes (sigs.k8s.io/structured-merge-diff semantics).</summary>
internal static class TypedValues
{
    /// <summary>Gets whether a value is owned as one thing: scalars, atomic lists and atomic objects.</summary>
    public static bool IsLeaf(object? value, Schema schema) => value switch
    {
        JsonMap => schema.AtomicMap,
        JsonList => schema.ListKind is ListKind.Atomic,
        _ => true,
    };

    public static FieldSet ToFieldSet(JsonMap value, Schema schema)
    {
        var set = new FieldSet();
        Collect(value, schema, set);
        return set;
    }

    public static Comparison Compare(JsonMap? old, JsonMap? next, Schema schema)
    {
        var comparison = new Comparison();
        CompareMaps(old, next, schema, comparison);
        return comparison;
    }

    /// <summary>Merges an applied configuration over a live value; lists keep the order of both as far as they agree.</summary>
    public static object? Merge(object? live, object? config, Schema schema)
    {
        if (config is JsonMap map && live is JsonMap liveMap && !IsLeaf(config, schema))
        {
            var merged = JsonValues.Shallow(liveMap);
            foreach (var (name, member) in map)
                merged[name] = Merge(liveMap.At(name), member, schema.Member(name) ?? Schema.Anything);
            return merged;
        }

        if (config is JsonList list && live is JsonList liveList && !IsLeaf(config, schema)) return MergeLists(liveList, list, schema);
        return JsonValues.Copy(config);
    }

    /// <summary>Removes what an applier no longer gives and nobody else owns.</summary>
    public static void RemoveAbandoned(object? value, Schema schema, FieldSet last, FieldSet owned)
    {
        if (value is JsonMap map && !IsLeaf(value, schema))
        {
            foreach (var element in last.Elements)
            {
                if (!element.StartsWith("f:", StringComparison.Ordinal)) continue;
                var name = element[2..];
                if (!map.TryGetValue(name, out var member)) continue;
                if (!last.Touches(element)) continue;
                if (!owned.Touches(element)) map.Remove(name);
                else if (last.Below(element) is { } below)
                    RemoveAbandoned(member, schema.Member(name) ?? Schema.Anything, below, owned.Below(element) ?? new FieldSet());
            }
        }
        else if (value is JsonList list && !IsLeaf(value, schema))
        {
            for (var i = list.Count - 1; i >= 0; i--)
            {
                var element = PathElement.Item(list[i], schema);
                if (!last.Touches(element)) continue;
                if (!owned.Touches(element)) list.RemoveAt(i);
                else if (last.Below(element) is { } below)
                    RemoveAbandoned(list[i], schema.Items ?? Schema.Anything, below, owned.Below(element) ?? new FieldSet());
            }
        }
    }

    private static void Collect(object? value, Schema schema, FieldSet set)
    {
        if (value is JsonMap map)
        {
            foreach (var (name, member) in map)
            {
                var element = PathElement.Field(name);
                var inner = schema.Member(name) ?? Schema.Anything;
                if (IsLeaf(member, inner)) set.Insert(element);
                else Collect(member, inner, set.Child(element));
                if (member is null or JsonMap { Count: 0 } || !schema.Properties.ContainsKey(name)) set.Insert(element);
            }
        }
        else if (value is JsonList list)
        {
            foreach (var item in list)
            {
                var element = PathElement.Item(item, schema);
                set.Insert(element);
                var inner = schema.Items ?? Schema.Anything;
                if (!IsLeaf(item, inner)) Collect(item, inner, set.Child(element));
            }
        }
    }

    private static void CompareMaps(JsonMap? old, JsonMap? next, Schema schema, Comparison result)
    {
        foreach (var (name, member) in next ?? [])
            CompareAt(PathElement.Field(name), old is not null && old.ContainsKey(name), old?.At(name), true, member, schema.Member(name) ?? Schema.Anything, result);
        foreach (var (name, member) in old ?? [])
            if (next is null || !next.ContainsKey(name))
                CompareAt(PathElement.Field(name), true, member, false, null, schema.Member(name) ?? Schema.Anything, result);
    }

    private static void CompareLists(JsonList? old, JsonList? next, Schema schema, Comparison result)
    {
        var before = Index(old, schema);
        var after = Index(next, schema);
        var items = schema.Items ?? Schema.Anything;
        foreach (var (element, item) in after)
            CompareAt(element, before.TryGetValue(element, out var was), was, true, item, items, result);
        foreach (var (element, item) in before)
            if (!after.ContainsKey(element)) CompareAt(element, true, item, false, null, items, result);
    }

    private static void CompareAt(string element, bool had, object? old, bool has, object? next, Schema schema, Comparison result)
    {
        if (!had) result.Added.Insert(element);
        else if (!has) result.Removed.Insert(element);
        var shape = next ?? old;
        var emptyBoth = old is null or JsonMap { Count: 0 } or JsonList { Count: 0 } && next is null or JsonMap { Count: 0 } or JsonList { Count: 0 };
        var sameShape = !had || !has || old?.GetType() == next?.GetType();
        if (IsLeaf(shape, schema) || emptyBoth || !sameShape)
        {
            if (had && has && !JsonValues.Same(old, next)) result.Modified.Insert(element);
            return;
        }

        var below = new Comparison
        {
            Added = result.Added.Child(element),
            Removed = result.Removed.Child(element),
            Modified = result.Modified.Child(element),
        };
        if (shape is JsonMap) CompareMaps(old as JsonMap, next as JsonMap, schema, below);
        else CompareLists(old as JsonList, next as JsonList, schema, below);
    }

    private static Dictionary<string, object?> Index(JsonList? list, Schema schema)
    {
        var index = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var item in list ?? []) index.TryAdd(PathElement.Item(item, schema), item);
        return index;
    }

    private static JsonList MergeLists(JsonList live, JsonList config, Schema schema)
    {
        var items = schema.Items ?? Schema.Anything;
        var given = Index(config, schema);
        var present = Index(live, schema);
        var merged = new JsonList(live.Count + config.Count);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var next = 0;
        foreach (var item in live)
        {
            var element = PathElement.Item(item, schema);
            if (!given.ContainsKey(element))
            {
                merged.Add(item);
                continue;
            }

            // A shared item: everything that the configuration puts before it comes first.
            while (!taken.Contains(element) && next < config.Count) Take(config[next++]);
        }

        while (next < config.Count) Take(config[next++]);
        return merged;

        void Take(object? item)
        {
            var element = PathElement.Item(item, schema);
            if (taken.Add(element)) merged.Add(Merge(present.GetValueOrDefault(element), item, items));
        }
    }
}
