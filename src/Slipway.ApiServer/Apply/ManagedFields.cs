using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Apply;

/// <summary>Who a field belongs to: one entry of metadata.managedFields without its fields and time.</summary>
internal sealed record ManagerKey(string Manager, bool Apply, string ApiVersion, string Subresource)
{
    // An applier is the same whatever version it applies in.
    public bool Equals(ManagerKey? other) => other is not null && Manager == other.Manager && Apply == other.Apply &&
        Subresource == other.Subresource && (Apply || ApiVersion == other.ApiVersion);

    public override int GetHashCode() => HashCode.Combine(Manager, Apply, Subresource, Apply ? "" : ApiVersion);

    public string Show()
    {
        var text = JsonText.Of(Manager);
        if (Subresource.Length > 0) text += $" with subresource {JsonText.Of(Subresource)}";
        return Apply ? text : $"{text} using {ApiVersion}";
    }
}

/// <summary>The fields of one manager and when they last changed.</summary>
internal sealed record ManagedEntry(FieldSet Set, string Time, string ApiVersion);

/// <summary>Reads and writes metadata.managedFields.</summary>
internal static class ManagedFields
{
    public static Dictionary<ManagerKey, ManagedEntry> Read(JsonMap? value)
    {
        var managers = new Dictionary<ManagerKey, ManagedEntry>();
        foreach (var entry in value?.Map("metadata")?.List("managedFields")?.Maps() ?? [])
        {
            if (entry.Map("fieldsV1") is not { } json || FieldSet.FromJson(json) is not { } set) continue;
            if (entry.Text("operation") is not ("Apply" or "Update")) continue;
            var version = entry.Text("apiVersion") ?? "";
            var key = new ManagerKey(entry.Text("manager") ?? "", entry.Text("operation") == "Apply", version, entry.Text("subresource") ?? "");
            managers[key] = new(set, entry.Text("time") ?? "", version);
        }

        return managers;
    }

    public static JsonList Write(Dictionary<ManagerKey, ManagedEntry> managers)
    {
        var list = new JsonList(managers.Count);
        var ordered = managers.Where(m => !m.Value.Set.IsEmpty)
            .OrderBy(m => m.Key.Apply ? 0 : 1)
            .ThenBy(m => m.Value.Time, StringComparer.Ordinal)
            .ThenBy(m => m.Key.Manager, StringComparer.Ordinal)
            .ThenBy(m => m.Key.ApiVersion, StringComparer.Ordinal)
            .ThenBy(m => m.Key.Subresource, StringComparer.Ordinal);
        foreach (var (key, entry) in ordered)
        {
            var json = new JsonMap(7)
            {
                ["manager"] = key.Manager,
                ["operation"] = key.Apply ? "Apply" : "Update",
                ["apiVersion"] = entry.ApiVersion,
                ["time"] = entry.Time,
                ["fieldsType"] = "FieldsV1",
                ["fieldsV1"] = entry.Set.ToJson(),
            };
            if (key.Subresource.Length > 0) json["subresource"] = key.Subresource;
            list.Add(json);
        }

        return list;
    }
}
