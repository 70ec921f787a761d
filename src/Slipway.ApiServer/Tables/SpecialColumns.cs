using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Tables;

/// <summary>The columns of kinds whose cells are computed, as kubectl's users know them.</summary>
internal static class SpecialColumns
{
    public static IReadOnlyList<PrinterColumn>? For(string group, string kind) => group switch
    {
        "" => kind == "Event" ? EventColumns.All : CoreColumns.For(kind) ?? VolumeColumns.For(kind),
        "events.k8s.io" => EventColumns.All,
        "storage.k8s.io" => VolumeColumns.For(kind),
        "apps" or "batch" or "policy" or "autoscaling" => WorkloadColumns.For(kind),
        "networking.k8s.io" or "discovery.k8s.io" => NetworkColumns.For(kind),
        _ => ClusterColumns.For(kind),
    };
}

/// <summary>How cells are made; those of one kind lie with their like.</summary>
internal static class Cells
{
    public static PrinterColumn Cell(string name, string type, Func<JsonMap, object?> cell, int priority = 0) =>
        new(name, type, "", "", priority, (o, _) => cell(o));

    public static PrinterColumn Text(string name, string path, string missing = "", int priority = 0)
    {
        var compiled = JsonPath.Compile("." + path);
        return Cell(name, "string", o => compiled.Select(o) is [{ } found, ..] ? (found as string ?? JsonText.Of(found)) is { Length: > 0 } text ? text : missing : missing, priority);
    }

    public static PrinterColumn Number(string name, string path)
    {
        var compiled = JsonPath.Compile("." + path);
        return Cell(name, "integer", o => compiled.Select(o) is [long found, ..] ? found : 0L);
    }

    public static PrinterColumn Flag(string name, string path, bool missing = false)
    {
        var compiled = JsonPath.Compile("." + path);
        return Cell(name, "boolean", o => compiled.Select(o) is [bool found, ..] ? found : missing);
    }

    public static long Count(JsonMap? map) => map?.Count ?? 0;

    public static string NumberAt(JsonMap o, string part, string name) => JsonText.Of(o.Map(part)?.At(name) ?? 0L);

    public static string Pairs(JsonMap? map) =>
        map is not { Count: > 0 } ? "<none>" : string.Join(",", map.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"));

    /// <summary>A label selector as one would write it for <c>-l</c>.</summary>
    public static string Selector(JsonMap? selector, string empty = "<none>")
    {
        var parts = (selector?.Map("matchLabels") ?? []).Select(p => (p.Key, Text: $"{p.Key}={p.Value}"))
            .Concat((selector?.List("matchExpressions")?.Maps() ?? []).Select(e => (Key: e.Text("key") ?? "", Text: Requirement(e))));
        var text = string.Join(",", parts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Text));
        return text.Length == 0 ? empty : text;
    }

    public static string Listed(IEnumerable<string?> items, int max)
    {
        var all = items.ToList();
        return string.Join(",", all.Take(max)) + (all.Count > max ? $" + {all.Count - max} more..." : "");
    }

    /// <summary>Containers' names and images and perhaps the selector, which only <c>-o wide</c> shows.</summary>
    public static IEnumerable<PrinterColumn> Template(Func<JsonMap, JsonMap?> template, int priority = 1)
    {
        string Of(JsonMap o, string member) => string.Join(",", template(o)?.Map("spec")?.List("containers")?.Maps().Select(c => c.Text(member)) ?? []);
        return [Cell("Containers", "string", o => Of(o, "name"), priority), Cell("Images", "string", o => Of(o, "image"), priority)];
    }

    private static string Requirement(JsonMap requirement)
    {
        var key = requirement.Text("key");
        var values = string.Join(",", (requirement.List("values")?.Strings() ?? []).Order(StringComparer.Ordinal));
        return requirement.Text("operator") switch
        {
            "In" => $"{key} in ({values})",
            "NotIn" => $"{key} notin ({values})",
            "DoesNotExist" => "!" + key,
            _ => key ?? "",
        };
    }
}
