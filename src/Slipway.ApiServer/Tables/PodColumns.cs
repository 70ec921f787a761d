using System.Globalization;
using Slipway.ApiServer.Json;
using static Slipway.ApiServer.Tables.Cells;

namespace Slipway.ApiServer.Tables;

/// <summary>Pods: how far their containers are is told in one word.</summary>
internal static class PodColumns
{
    public static IReadOnlyList<PrinterColumn> All { get; } =
    [
        Columns.Name, Cell("Ready", "string", Ready), Cell("Status", "string", Status), new("Restarts", "string", "", "", 0, Restarts), Columns.Age,
        Cell("IP", "string", o => o.Map("status")?.List("podIPs")?.Maps().FirstOrDefault()?.Text("ip") ?? "<none>", 1), Text("Node", "spec.nodeName", "<none>", 1),
        Text("Nominated Node", "status.nominatedNodeName", "<none>", 1), Cell("Readiness Gates", "string", Gates, 1),
    ];

    private static IEnumerable<JsonMap> Statuses(JsonMap o, string name = "containerStatuses") => o.Map("status")?.List(name)?.Maps() ?? [];

    private static JsonMap? Condition(JsonMap o, string? type) =>
        o.Map("status")?.List("conditions")?.Maps().FirstOrDefault(c => c.Text("type") == type);

    private static bool IsTrue(JsonMap o, string? type) => Condition(o, type)?.Text("status") == "True";

    // A sidecar is an init container that is restarted for ever.
    private static HashSet<string?> Sidecars(JsonMap o) =>
        [.. o.Map("spec")?.List("initContainers")?.Maps().Where(c => c.Text("restartPolicy") == "Always").Select(c => c.Text("name")) ?? []];

    private static string Ready(JsonMap o)
    {
        var sidecars = Sidecars(o);
        var ready = Initializing(o) is not null ? 0 : Statuses(o).Count(c => c.At("ready") is true && c.Map("state", "running") is not null);
        ready += Statuses(o, "initContainerStatuses").Count(c => sidecars.Contains(c.Text("name")) && c.At("started") is true && c.At("ready") is true);
        return string.Create(CultureInfo.InvariantCulture, $"{ready}/{(o.Map("spec")?.List("containers")?.Count ?? 0) + sidecars.Count}");
    }

    private static string Status(JsonMap o)
    {
        var phase = o.Text("status", "phase");
        if (o.Text("metadata", "deletionTimestamp") is not null)
        {
            if (o.Text("status", "reason") == "NodeLost") return "Unknown";
            if (phase is not ("Succeeded" or "Failed")) return "Terminating";
        }

        var reason = Condition(o, "PodScheduled")?.Text("reason") == "SchedulingGated" ? "SchedulingGated"
            : o.Text("status", "reason") is { Length: > 0 } given ? given : phase ?? "";
        return Initializing(o) ?? Running(o, reason);
    }

    private static string Running(JsonMap o, string reason)
    {
        var running = false;
        var failed = "";
        foreach (var container in Statuses(o).Reverse())
        {
            var ended = container.Map("state", "terminated");
            if (container.Map("state", "waiting")?.Text("reason") is { Length: > 0 } waiting) reason = waiting;
            else if (ended is not null)
            {
                reason = Ended(ended);
                if (ended.At("exitCode") is long and not 0) failed = reason;
            }
            else if (container.At("ready") is true && container.Map("state", "running") is not null) running = true;
        }

        if (reason != "Completed") return reason;
        if (running && IsTrue(o, "Ready")) return "Running";
        return failed.Length > 0 ? failed : running ? "NotReady" : reason;
    }

    private static string? Initializing(JsonMap o)
    {
        if (IsTrue(o, "Initialized")) return null;
        var sidecars = Sidecars(o);
        var index = -1;
        foreach (var container in Statuses(o, "initContainerStatuses"))
        {
            index++;
            var ended = container.Map("state", "terminated");
            if (ended is not null && ended.At("exitCode") is null or 0L) continue;
            if (sidecars.Contains(container.Text("name")) && container.At("started") is true) continue;
            if (ended is not null) return "Init:" + Ended(ended);
            return container.Map("state", "waiting")?.Text("reason") is { Length: > 0 } waiting and not "PodInitializing" ? "Init:" + waiting
                : string.Create(CultureInfo.InvariantCulture, $"Init:{index}/{o.Map("spec")?.List("initContainers")?.Count ?? 0}");
        }

        return null;
    }

    private static string Ended(JsonMap ended) =>
        ended.Text("reason") is { Length: > 0 } reason ? reason : ended.At("signal") is long and not 0 ? $"Signal:{ended.At("signal")}" : $"ExitCode:{ended.At("exitCode") ?? 0L}";

    private static object Restarts(JsonMap o, DateTimeOffset now)
    {
        var sidecars = Sidecars(o);
        var starting = Initializing(o) is not null;
        var counted = Statuses(o, "initContainerStatuses").Where(c => starting || sidecars.Contains(c.Text("name"))).Concat(starting ? [] : Statuses(o)).ToList();
        var count = counted.Sum(c => c.At("restartCount") as long? ?? 0);
        var last = counted.Select(c => c.Map("lastState", "terminated")?.Text("finishedAt")).Max(StringComparer.Ordinal);
        var text = count.ToString(CultureInfo.InvariantCulture);
        return count != 0 && DateTimeOffset.TryParse(last, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then)
            ? $"{text} ({HumanDuration.Of(now - then)} ago)" : text;
    }

    private static string Gates(JsonMap o) => o.Map("spec")?.List("readinessGates") is { Count: > 0 } gates
        ? string.Create(CultureInfo.InvariantCulture, $"{gates.Maps().Count(g => IsTrue(o, g.Text("conditionType")))}/{gates.Count}") : "<none>";
}
