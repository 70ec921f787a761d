using System.Globalization;
using Slipway.ApiServer.Json;
using static Slipway.ApiServer.Tables.Cells;

namespace Slipway.ApiServer.Tables;

/// <summary>What makes pods, and what counts them.</summary>
internal static class WorkloadColumns
{
    private static readonly PrinterColumn s_ready = Cell("Ready", "string", o => NumberAt(o, "status", "readyReplicas") + "/" + NumberAt(o, "spec", "replicas"));
    private static readonly PrinterColumn s_selector = Cell("Selector", "string", o => Selector(o.Map("spec", "selector")), 1);

    public static IReadOnlyList<PrinterColumn>? For(string kind) => kind switch
    {
        "Deployment" =>
        [
            Columns.Name, s_ready, Number("Up-to-date", "status.updatedReplicas") with { Type = "string" }, Number("Available", "status.availableReplicas") with { Type = "string" }, Columns.Age,
            .. Template(o => o.Map("spec", "template")), Cell("Selector", "string", o => Selector(o.Map("spec", "selector"), ""), 1),
        ],
        "StatefulSet" => [Columns.Name, s_ready, Columns.Age, .. Template(o => o.Map("spec", "template"))],
        "ReplicaSet" =>
        [
            Columns.Name, Number("Desired", "spec.replicas"), Number("Current", "status.replicas"), Number("Ready", "status.readyReplicas"), Columns.Age,
            .. Template(o => o.Map("spec", "template")), s_selector,
        ],
        "DaemonSet" =>
        [
            Columns.Name, Number("Desired", "status.desiredNumberScheduled"), Number("Current", "status.currentNumberScheduled"), Number("Ready", "status.numberReady"),
            Number("Up-to-date", "status.updatedNumberScheduled"), Number("Available", "status.numberAvailable"),
            Cell("Node Selector", "string", o => Pairs(o.Map("spec", "template")?.Map("spec", "nodeSelector"))), Columns.Age, .. Template(o => o.Map("spec", "template")), s_selector,
        ],
        "ControllerRevision" => [Columns.Name, Cell("Controller", "string", Controller), Number("Revision", "revision") with { Type = "string" }, Columns.Age],
        "Job" =>
        [
            Columns.Name, Cell("Status", "string", JobStatus), Cell("Completions", "string", Completions), new("Duration", "string", "", "", 0, Duration), Columns.Age,
            .. Template(o => o.Map("spec", "template")), s_selector,
        ],
        "CronJob" =>
        [
            Columns.Name, Text("Schedule", "spec.schedule"), Text("Timezone", "spec.timeZone", "<none>"),
            Cell("Suspend", "boolean", o => o.Map("spec")?.At("suspend") is bool suspend ? suspend ? "True" : "False" : "<unset>"),
            Cell("Active", "integer", o => (long)(o.Map("status")?.List("active")?.Count ?? 0)), new("Last Schedule", "string", "", "", 0, LastSchedule), Columns.Age,
            .. Template(o => JobSpec(o)?.Map("template")), Cell("Selector", "string", o => Selector(JobSpec(o)?.Map("selector")), 1),
        ],
        "PodDisruptionBudget" =>
        [
            Columns.Name, Text("Min Available", "spec.minAvailable", "N/A"), Text("Max Unavailable", "spec.maxUnavailable", "N/A"),
            Number("Allowed Disruptions", "status.disruptionsAllowed"), Columns.Age,
        ],
        "HorizontalPodAutoscaler" =>
        [
            Columns.Name, Cell("Reference", "string", o => $"{o.Map("spec", "scaleTargetRef")?.Text("kind")}/{o.Map("spec", "scaleTargetRef")?.Text("name")}"),
            Cell("Targets", "string", MetricText.Of), Text("MinPods", "spec.minReplicas", "<unset>"), Number("MaxPods", "spec.maxReplicas") with { Type = "string" },
            Number("Replicas", "status.currentReplicas") with { Type = "string" }, Columns.Age,
        ],
        _ => null,
    };

    private static JsonMap? JobSpec(JsonMap o) => o.Map("spec", "jobTemplate")?.Map("spec");

    private static string Controller(JsonMap o)
    {
        if (o.Map("metadata")?.List("ownerReferences")?.Maps().FirstOrDefault(r => r.At("controller") is true) is not { } owner) return "<none>";
        var group = Kinds.RegistrySnapshot.GroupOf(owner.Text("apiVersion") ?? "");
        return $"{owner.Text("kind")}{(group.Length > 0 ? "." : "")}{group}".ToLowerInvariant() + "/" + owner.Text("name");
    }

    private static string JobStatus(JsonMap o)
    {
        bool Has(string type) => o.Map("status")?.List("conditions")?.Maps().FirstOrDefault(c => c.Text("type") == type)?.Text("status") == "True";
        if (Has("Complete")) return "Complete";
        if (Has("Failed")) return "Failed";
        if (o.Text("metadata", "deletionTimestamp") is not null) return "Terminating";
        return Array.Find(["Suspended", "FailureTarget", "SuccessCriteriaMet"], Has) ?? "Running";
    }

    private static string Completions(JsonMap o)
    {
        var done = NumberAt(o, "status", "succeeded");
        if (o.Map("spec")?.At("completions") is long wanted) return string.Create(CultureInfo.InvariantCulture, $"{done}/{wanted}");
        return o.Map("spec")?.At("parallelism") is long parallel and > 1 ? string.Create(CultureInfo.InvariantCulture, $"{done}/1 of {parallel}") : done + "/1";
    }

    private static object Duration(JsonMap o, DateTimeOffset now)
    {
        if (Time(o.Text("status", "startTime")) is not { } start) return "";
        return HumanDuration.Of((Time(o.Text("status", "completionTime")) ?? now) - start);
    }

    private static object LastSchedule(JsonMap o, DateTimeOffset now) =>
        Time(o.Text("status", "lastScheduleTime")) is { } last ? HumanDuration.Of(now - last) : "<none>";

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}

/// <summary>The metrics of an autoscaler, each as what is seen and what is wanted.</summary>
internal static class MetricText
{
    public static string Of(JsonMap o)
    {
        var specs = o.Map("spec")?.List("metrics")?.Maps().ToList() ?? [];
        if (specs.Count == 0) return OfVersion1(o);
        var statuses = o.Map("status")?.List("currentMetrics")?.Maps().ToList() ?? [];
        var texts = specs.Take(2).Select((spec, i) => One(spec, i < statuses.Count ? statuses[i] : null));
        return string.Join(", ", texts) + (specs.Count > 2 ? $" + {specs.Count - 2} more..." : "");
    }

    private static string OfVersion1(JsonMap o) => o.Map("spec")?.At("targetCPUUtilizationPercentage") is { } target
        ? $"cpu: {Percent(o.Map("status")?.At("currentCPUUtilizationPercentage"), "<unknown>")}/{Percent(target, "<auto>")}" : "<none>";

    private static string One(JsonMap spec, JsonMap? status)
    {
        var type = spec.Text("type") ?? "";
        var member = type.Length == 0 ? "" : char.ToLowerInvariant(type[0]) + type[1..];
        var target = spec.Map(member, "target");
        var current = status?.Map(member, "current");
        if (target is null) return "<unknown type>";
        var named = type is "Resource" or "ContainerResource";
        var prefix = named ? spec.Map(member)!.Text("name") + ": " : "";
        if (target.At("averageValue") is { } average)
            return $"{prefix}{Shown(current?.At("averageValue"))}/{Shown(average)}{(type is "External" or "Object" ? " (avg)" : "")}";
        return named ? $"{prefix}{Percent(current?.At("averageUtilization"), "<unknown>")}/{Percent(target.At("averageUtilization"), "<auto>")}"
            : $"{Shown(current?.At("value"))}/{Shown(target.At("value"))}";
    }

    private static string Shown(object? value) => value is null ? "<unknown>" : value as string ?? JsonText.Of(value);

    private static string Percent(object? value, string missing) => value is null ? missing : JsonText.Of(value) + "%";
}
