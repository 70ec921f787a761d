using System.Globalization;
using Slipway.ApiServer.Json;
using static Slipway.ApiServer.Tables.Cells;

namespace Slipway.ApiServer.Tables;

/// <summary>Events, under the names of core and of events.k8s.io.</summary>
internal static class EventColumns
{
    public static IReadOnlyList<PrinterColumn> All { get; } =
    [
        new("Last Seen", "string", "", "", 0, LastSeen), Text("Type", "type"), Text("Reason", "reason"), Cell("Object", "string", Involved),
        Cell("Subobject", "string", o => About(o)?.Text("fieldPath") ?? "", 1), Cell("Source", "string", Source, 1),
        Cell("Message", "string", o => (o.Text("message") ?? o.Text("note") ?? "").Trim()), new("First Seen", "string", "", "", 1, FirstSeen),
        Cell("Count", "string", Times, 1), Columns.Name with { Priority = 1 },
    ];

    private static JsonMap? About(JsonMap o) => o.Map("involvedObject") ?? o.Map("regarding");

    private static string Involved(JsonMap o)
    {
        var kind = About(o)?.Text("kind")?.ToLowerInvariant();
        return About(o)?.Text("name") is { Length: > 0 } name ? $"{kind}/{name}" : kind ?? "";
    }

    private static string Source(JsonMap o)
    {
        var source = o.Map("source") ?? o.Map("deprecatedSource");
        var component = First(source?.Text("component"), First(o.Text("reportingComponent"), o.Text("reportingController")));
        var instance = First(source?.Text("host"), o.Text("reportingInstance"));
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }

    private static string First(string? one, string? other) => one is { Length: > 0 } ? one : other ?? "";

    private static object? Times(JsonMap o) =>
        o.Map("series")?.At("count") ?? ((o.At("count") ?? o.At("deprecatedCount")) is long count and not 0 ? count : 1L);

    private static object LastSeen(JsonMap o, DateTimeOffset now) =>
        o.Map("series") is { } series ? Since(series.Text("lastObservedTime"), now)
            : (o.Text("lastTimestamp") ?? o.Text("deprecatedLastTimestamp")) is { } last ? Since(last, now) : FirstSeen(o, now);

    private static string FirstSeen(JsonMap o, DateTimeOffset now) =>
        Since(o.Text("firstTimestamp") ?? o.Text("deprecatedFirstTimestamp") ?? o.Text("eventTime"), now);

    private static string Since(string? text, DateTimeOffset now) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? HumanDuration.Of(now - then) : "<unknown>";
}
