using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Patch;

/// <summary>
/// Strategic merge patch: a merge patch that knows which lists are maps by a key, with the directives <c>$patch</c>,
/// <c>$deleteFromPrimitiveList</c>, <c>$setElementOrder</c> and <c>$retainKeys</c>.
/// </summary>
internal static class StrategicMergePatch
{
    private const string Order = "$setElementOrder/";
    private const string DeleteFrom = "$deleteFromPrimitiveList/";

    public static JsonMap Apply(JsonMap target, JsonMap patch, Schema schema)
    {
        switch (patch.Text("$patch"))
        {
            case "replace":
                var whole = JsonValues.Copy(patch);
                whole.Remove("$patch");
                return whole;
            case "delete":
                return new JsonMap();
            case not null and not "merge":
                throw Errors.BadRequest($"Unknown patch type: {patch.Text("$patch")}");
        }

        if (patch.List("$retainKeys") is { } retain)
        {
            var kept = retain.Strings().ToHashSet(StringComparer.Ordinal);
            foreach (var name in target.Keys.Where(k => !kept.Contains(k)).ToList()) target.Remove(name);
        }

        foreach (var (name, change) in patch)
        {
            if (name.StartsWith('$')) continue;
            Member(target, name, change, schema.Member(name) ?? Schema.Anything);
        }

        foreach (var (name, change) in patch)
        {
            if (change is not JsonList list) continue;
            if (name.StartsWith(DeleteFrom, StringComparison.Ordinal) && target.List(name[DeleteFrom.Length..]) is { } from)
                from.RemoveAll(item => list.Any(gone => JsonValues.Same(gone, item)));
            else if (name.StartsWith(Order, StringComparison.Ordinal) && target.List(name[Order.Length..]) is { } ordered)
                Sort(ordered, list, KeyOf(schema.Member(name[Order.Length..]) ?? Schema.Anything));
        }

        return target;
    }

    private static void Member(JsonMap target, string name, object? change, Schema schema)
    {
        switch (change)
        {
            case null:
                target.Remove(name);
                break;
            case JsonMap { Count: 1 } map when map.Text("$patch") == "delete":
                target.Remove(name);
                break;
            case JsonMap map:
                target[name] = Apply(target.Map(name) ?? new JsonMap(), map, schema);
                break;
            case JsonList list when KeyOf(schema) is { } key:
                target[name] = MergeByKey(target.List(name) ?? new JsonList(), list, key, schema.Items ?? Schema.Anything);
                break;
            case JsonList list when schema.ListKind is ListKind.Set:
                var union = target.List(name) ?? new JsonList();
                foreach (var item in list)
                    if (!union.Any(u => JsonValues.Same(u, item))) union.Add(item);
                target[name] = union;
                break;
            default:
                target[name] = JsonValues.Copy(change);
                break;
        }
    }

    private static string? KeyOf(Schema schema) =>
        schema.PatchMergeKey is { Length: 0 } ? null : schema.PatchMergeKey ?? (schema.ListKind is ListKind.Map ? schema.MapKeys[0] : null);

    private static JsonList MergeByKey(JsonList target, JsonList patch, string key, Schema items)
    {
        if (patch.Maps().Any(m => m.Text("$patch") == "replace"))
        {
            var whole = new JsonList();
            foreach (var item in patch.Maps().Where(m => m.Text("$patch") != "replace")) whole.Add(JsonValues.Copy(item));
            return whole;
        }

        var before = target.Select(t => (t as JsonMap)?.At(key)).ToList();
        foreach (var change in patch)
        {
            if (change is not JsonMap map || !map.TryGetValue(key, out var id))
                throw Errors.BadRequest($"map: {JsonText.Of(change)} does not contain declared merge key: {key}");
            var index = target.FindIndex(t => t is JsonMap m && JsonValues.Same(m.At(key), id));
            if (map.Text("$patch") == "delete")
            {
                if (index >= 0) target.RemoveAt(index);
            }
            else if (index < 0)
            {
                target.Add(Apply(new JsonMap(), map, items));
            }
            else
            {
                target[index] = Apply((JsonMap)target[index]!, map, items);
            }
        }

        return Weave(target, patch, before, key);
    }

    /// <summary>
    /// Puts the items that the patch names in the patch's order, among those that it leaves alone: each of these stays before the
    /// patched one that it stood before, and otherwise comes after (api-machinery's "strategic merge patch", order of lists).
    /// </summary>
    private static JsonList Weave(JsonList merged, JsonList patch, List<object?> before, string key)
    {
        int Place(List<object?> order, object? item) => order.FindIndex(o => JsonValues.Same(o, (item as JsonMap)?.At(key)));
        var asked = patch.Maps().Select(m => m.At(key)).ToList();
        var named = new Queue<object?>(merged.Where(m => Place(asked, m) >= 0).OrderBy(m => Place(asked, m)));
        var woven = new JsonList();
        foreach (var kept in merged.Where(m => Place(asked, m) < 0))
        {
            while (named.TryPeek(out var next) && !(Place(before, next) is var place and >= 0 && Place(before, kept) < place)) woven.Add(named.Dequeue());
            woven.Add(kept);
        }

        woven.AddRange(named);
        return woven;
    }

    private static void Sort(JsonList list, JsonList order, string? key)
    {
        object? Identity(object? item) => key is not null && item is JsonMap map ? map.At(key) : item;
        int Place(object? item)
        {
            var index = order.FindIndex(o => JsonValues.Same(Identity(o), Identity(item)));
            return index < 0 ? int.MaxValue : index;
        }

        var sorted = list.OrderBy(Place).ToList();
        list.Clear();
        list.AddRange(sorted);
    }
}
