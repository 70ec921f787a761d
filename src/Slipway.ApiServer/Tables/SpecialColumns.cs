using System.Globalization;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Tables;

/// <summary>The columns of kinds whose cells are computed, as kubectl's users know them.</summary>
internal static class SpecialColumns
{
    public static IReadOnlyList<PrinterColumn>? For(string group, string kind) => (group, kind) switch
    {
        ("", "ConfigMap") => [Columns.Name, Cell("Data", "integer", o => Count(o.Map("data")) + Count(o.Map("binaryData"))), Columns.Age],
        ("", "Secret") => [Columns.Name, Cell("Type", "string", o => o.Text("type")), Cell("Data", "integer", o => Count(o.Map("data"))), Columns.Age],
        ("", "ServiceAccount") => [Columns.Name, Cell("Secrets", "integer", o => (long)(o.List("secrets")?.Count ?? 0)), Columns.Age],
        ("", "Service") =>
        [
            Columns.Name, Cell("Type", "string", o => o.Text("spec", "type")), Cell("Cluster-IP", "string", o => o.Text("spec", "clusterIP") ?? "<none>"),
            Cell("External-IP", "string", ExternalIp), Cell("Port(s)", "string", Ports), Columns.Age,
            Cell("Selector", "string", o => Pairs(o.Map("spec", "selector")), 1),
        ],
        ("", "Pod") =>
        [
            Columns.Name, Cell("Ready", "string", Ready), Cell("Status", "string", o => o.Text("metadata", "deletionTimestamp") is null ? o.Text("status", "reason") ?? o.Text("status", "phase") : "Terminating"),
            Cell("Restarts", "string", Restarts), Columns.Age, Cell("IP", "string", o => o.Text("status", "podIP") ?? "<none>", 1),
            Cell("Node", "string", o => o.Text("spec", "nodeName") ?? "<none>", 1),
        ],
        ("", "Node") =>
        [
            Columns.Name, Cell("Status", "string", NodeStatus), Cell("Roles", "string", Roles), Columns.Age,
            Cell("Version", "string", o => o.Map("status", "nodeInfo")?.Text("kubeletVersion")),
        ],
        ("", "Event") or ("events.k8s.io", "Event") =>
        [
            Columns.FromPath("Last Seen", "date", "", "", 0, ".lastTimestamp"), Cell("Type", "string", o => o.Text("type")),
            Cell("Reason", "string", o => o.Text("reason")), Cell("Object", "string", Involved), Columns.FromPath("Subobject", "string", "", "", 1, ".involvedObject.fieldPath"),
            Cell("Source", "string", o => o.Text("source", "component") ?? o.Text("reportingComponent"), 1), Cell("Message", "string", o => o.Text("message") ?? o.Text("note")),
            Columns.FromPath("First Seen", "date", "", "", 1, ".firstTimestamp"), Cell("Count", "string", o => JsonText.Of(o.At("count") ?? 1L), 1), Columns.Name with { Priority = 1 },
        ],
        ("apps", "Deployment") =>
        [
            Columns.Name, Cell("Ready", "string", o => Number(o, "status", "readyReplicas") + "/" + Number(o, "spec", "replicas")),
            Cell("Up-to-date", "integer", o => o.Map("status")?.At("updatedReplicas") ?? 0L), Cell("Available", "integer", o => o.Map("status")?.At("availableReplicas") ?? 0L),
            Columns.Age, Cell("Containers", "string", o => Template(o, "name"), 1), Cell("Images", "string", o => Template(o, "image"), 1),
            Cell("Selector", "string", o => Pairs(o.Map("spec", "selector")?.Map("matchLabels")), 1),
        ],
        ("apps", "StatefulSet") =>
            [Columns.Name, Cell("Ready", "string", o => Number(o, "status", "readyReplicas") + "/" + Number(o, "spec", "replicas")), Columns.Age],
        ("apps", "ReplicaSet") =>
        [
            Columns.Name, Cell("Desired", "integer", o => o.Map("spec")?.At("replicas") ?? 0L), Cell("Current", "integer", o => o.Map("status")?.At("replicas") ?? 0L),
            Cell("Ready", "integer", o => o.Map("status")?.At("readyReplicas") ?? 0L), Columns.Age,
        ],
        ("rbac.authorization.k8s.io", "RoleBinding" or "ClusterRoleBinding") =>
            [Columns.Name, Cell("Role", "string", o => $"{o.Text("roleRef", "kind")}/{o.Text("roleRef", "name")}"), Columns.Age],
        _ => null,
    };

    private static PrinterColumn Cell(string name, string type, Func<JsonMap, object?> cell, int priority = 0) =>
        new(name, type, "", "", priority, (o, _) => cell(o));

    private static long Count(JsonMap? map) => map?.Count ?? 0;

    private static string Number(JsonMap o, string part, string name) => JsonText.Of(o.Map(part)?.At(name) ?? 0L);

    private static string Pairs(JsonMap? map) => map is null ? "<none>" : string.Join(",", map.Select(p => $"{p.Key}={p.Value}"));

    private static string Template(JsonMap o, string member) =>
        string.Join(",", o.Map("spec", "template")?.Map("spec")?.List("containers")?.Maps().Select(c => c.Text(member)) ?? []);

    private static string ExternalIp(JsonMap o) => o.Text("spec", "type") switch
    {
        "LoadBalancer" => o.Map("status", "loadBalancer")?.List("ingress")?.Maps().FirstOrDefault()?.Text("ip") ?? "<pending>",
        "ExternalName" => o.Text("spec", "externalName"),
        _ => null,
    } ?? "<none>";

    private static string Ports(JsonMap o)
    {
        var ports = o.Map("spec")?.List("ports")?.Maps().Select(p =>
            JsonText.Of(p.At("port")) + (p.At("nodePort") is long node ? ":" + node.ToString(CultureInfo.InvariantCulture) : "") + "/" + (p.Text("protocol") ?? "TCP"));
        var text = string.Join(",", ports ?? []);
        return text.Length == 0 ? "<none>" : text;
    }

    private static string Ready(JsonMap o)
    {
        var ready = o.Map("status")?.List("containerStatuses")?.Maps().Count(c => c.At("ready") is true) ?? 0;
        return $"{ready}/{o.Map("spec")?.List("containers")?.Count ?? 0}";
    }

    private static string Restarts(JsonMap o) =>
        JsonText.Of(o.Map("status")?.List("containerStatuses")?.Maps().Sum(c => c.At("restartCount") as long? ?? 0) ?? 0L);

    private static string NodeStatus(JsonMap o)
    {
        var ready = o.Map("status")?.List("conditions")?.Maps().FirstOrDefault(c => c.Text("type") == "Ready")?.Text("status");
        var text = ready switch { "True" => "Ready", null => "Unknown", _ => "NotReady" };
        return o.Map("spec")?.At("unschedulable") is true ? text + ",SchedulingDisabled" : text;
    }

    private static string Roles(JsonMap o)
    {
        const string Prefix = "node-role.kubernetes.io/";
        var roles = o.Map("metadata", "labels")?.Keys.Where(k => k.StartsWith(Prefix, StringComparison.Ordinal)).Select(k => k[Prefix.Length..]);
        var text = string.Join(",", roles ?? []);
        return text.Length == 0 ? "<none>" : text;
    }

    private static string Involved(JsonMap o)
    {
        var about = o.Map("involvedObject") ?? o.Map("regarding");
        return $"{about?.Text("kind")?.ToLowerInvariant()}/{about?.Text("name")}";
    }
}
