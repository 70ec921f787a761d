using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Apply;

/// <summary>Keeps metadata.managedFields true: who owns what after an update, and what an apply may change (KEP-555).</summary>
internal static class FieldManager
{
    /// <summary>More updaters than this are folded into one entry, so that the list stays bounded.</summary>
    private const int MaxUpdaters = 10;

    private const string AncientChanges = "ancient-changes";

    private static readonly string[] s_untracked =
        ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>Records an update, a create or a patch: the manager owns what it changed.</summary>
    public static void Update(JsonMap? live, JsonMap next, Schema schema, ManagerKey manager, DateTimeOffset now)
    {
        var metadata = next.Ensure("metadata");
        var given = ManagedFields.Read(next);
        // A client may edit the list itself; [{}] empties it, anything unreadable leaves the live one.
        var managers = given.Count > 0 || IsReset(metadata.List("managedFields")) ? given : ManagedFields.Read(live);
        var before = managers.ToDictionary();
        var changes = Tracked(TypedValues.Compare(live is null ? new JsonMap() : live, next, schema));
        Disown(managers, manager, changes.Modified.Union(changes.Added), changes.Removed);
        var mine = managers.TryGetValue(manager, out var entry) ? entry.Set : new FieldSet();
        mine = mine.Except(changes.Removed).Union(changes.Modified).Union(changes.Added);
        managers[manager] = new(mine, entry?.Time ?? "", manager.ApiVersion);
        Store(metadata, managers, before, manager, now);
    }

    /// <summary>Applies a configuration and returns the merged object.</summary>
    /// <exception cref="ApiException">Another manager owns a field that would change, and it is not forced.</exception>
    public static JsonMap Apply(JsonMap live, JsonMap config, Schema schema, ManagerKey manager, bool force, string? only, DateTimeOffset now)
    {
        var managers = ManagedFields.Read(live);
        var before = managers.ToDictionary();
        var merged = (JsonMap)JsonValues.Copy(TypedValues.Merge(live, config, schema))!;
        var set = Strip(TypedValues.ToFieldSet(config, schema));
        Limit(set, only);
        var last = managers.GetValueOrDefault(manager)?.Set;
        managers[manager] = new(set, managers.GetValueOrDefault(manager)?.Time ?? "", manager.ApiVersion);
        if (last is { IsEmpty: false })
        {
            var owned = new FieldSet();
            foreach (var entry in managers.Values) owned.Add(entry.Set);
            TypedValues.RemoveAbandoned(merged, schema, last, owned);
        }

        var changes = Tracked(TypedValues.Compare(live, merged, schema));
        var conflicts = Disown(managers, manager, changes.Modified.Union(changes.Added), changes.Removed);
        if (!force && conflicts.Count > 0) throw Conflict(conflicts);
        Store(merged.Ensure("metadata"), managers, before, manager, now);
        return merged;
    }

    /// <summary>Takes changed and removed fields from the other managers; returns who loses which changed ones.</summary>
    private static List<(ManagerKey Manager, FieldSet Fields)> Disown(
        Dictionary<ManagerKey, ManagedEntry> managers, ManagerKey manager, FieldSet changed, FieldSet removed)
    {
        var conflicts = new List<(ManagerKey, FieldSet)>();
        foreach (var (key, entry) in managers.ToList())
        {
            if (key.Equals(manager)) continue;
            var lost = entry.Set.Intersect(changed);
            if (!lost.IsEmpty) conflicts.Add((key, lost));
            managers[key] = entry with { Set = entry.Set.Except(lost).Except(removed) };
        }

        return conflicts;
    }

    private static void Store(
        JsonMap metadata, Dictionary<ManagerKey, ManagedEntry> managers, Dictionary<ManagerKey, ManagedEntry> before, ManagerKey manager, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var mine = managers[manager];
        if (mine.Time.Length == 0 || !before.TryGetValue(manager, out var was) || !was.Set.SameAs(mine.Set))
            managers[manager] = mine with { Time = time };
        Cap(managers);
        var list = ManagedFields.Write(managers);
        if (list.Count > 0) metadata["managedFields"] = list;
        else metadata.Remove("managedFields");
    }

    private static void Cap(Dictionary<ManagerKey, ManagedEntry> managers)
    {
        var updaters = managers.Where(m => !m.Key.Apply && !m.Value.Set.IsEmpty).OrderBy(m => m.Value.Time, StringComparer.Ordinal).ToList();
        for (var i = 0; updaters.Count - i > MaxUpdaters; i++)
        {
            var (key, entry) = updaters[i];
            var ancient = new ManagerKey(AncientChanges, false, key.ApiVersion, "");
            managers.Remove(key);
            managers[ancient] = managers.TryGetValue(ancient, out var old) ? old with { Set = old.Set.Union(entry.Set), Time = entry.Time } : entry;
        }
    }

    private static bool IsReset(JsonList? list) => list is [JsonMap { Count: 0 }];

    private static Comparison Tracked(Comparison changes) => new()
    {
        Added = Strip(changes.Added),
        Removed = Strip(changes.Removed),
        Modified = Strip(changes.Modified),
    };

    private static FieldSet Strip(FieldSet set)
    {
        set.RemoveTree("f:apiVersion");
        set.RemoveTree("f:kind");
        set.RemoveMember("f:metadata");
        if (set.Below("f:metadata") is { } metadata)
            foreach (var name in s_untracked) metadata.RemoveTree("f:" + name);
        return set;
    }

    /// <summary>Leaves only what an endpoint can change: status on the status subresource, all else on the main one.</summary>
    private static void Limit(FieldSet set, string? only)
    {
        if (only is null) return;
        foreach (var element in set.Elements.ToList())
            if (only == "status" ? element != "f:status" : element == "f:status") set.RemoveTree(element);
    }

    private static ApiException Conflict(List<(ManagerKey Manager, FieldSet Fields)> conflicts)
    {
        var ordered = conflicts.OrderBy(c => c.Manager.Show(), StringComparer.Ordinal)
            .Select(c => (Name: c.Manager.Show(), Paths: c.Fields.Paths().ToList())).ToList();
        var causes = new JsonList();
        foreach (var (name, paths) in ordered)
            foreach (var path in paths)
                causes.Add(new JsonMap { ["reason"] = "FieldManagerConflict", ["message"] = "conflict with " + name, ["field"] = path });
        var text = causes.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {ordered[0].Name}: {ordered[0].Paths[0]}"
            : $"Apply failed with {causes.Count} conflicts: " +
              string.Join('\n', ordered.SelectMany(c => c.Paths.Select(p => "- " + p).Prepend($"conflicts with {c.Name}:")));
        return Errors.ApplyConflict(text, causes);
    }
}
