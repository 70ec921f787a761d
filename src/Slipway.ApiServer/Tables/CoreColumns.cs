using System.Globalization;
using Slipway.ApiServer.Json;
using static Slipway.ApiServer.Tables.Cells;

namespace Slipway.ApiServer.Tables;

/// <summary>The core group, but for pods, volumes and events.</summary>
internal static class CoreColumns
{
    public static IReadOnlyList<PrinterColumn>? For(string kind) => kind switch
    {
        "Pod" => PodColumns.All,
        "ConfigMap" => [Columns.Name, Cell("Data", "string", o => Count(o.Map("data")) + Count(o.Map("binaryData"))), Columns.Age],
        "Secret" => [Columns.Name, Text("Type", "type"), Cell("Data", "string", o => Count(o.Map("data"))), Columns.Age],
        "Service" =>
        [
            Columns.Name, Text("Type", "spec.type"), Cell("Cluster-IP", "string", o => o.Text("spec", "clusterIP") is { Length: > 0 } ip ? ip : "<none>"),
            Cell("External-IP", "string", ExternalIp), Cell("Port(s)", "string", Ports), Columns.Age,
            Cell("Selector", "string", o => Pairs(o.Map("spec", "selector")), 1),
        ],
        "Endpoints" => [Columns.Name, Cell("Endpoints", "string", Endpoints), Columns.Age],
        "Node" =>
        [
            Columns.Name, Cell("Status", "string", NodeStatus), Cell("Roles", "string", Roles), Columns.Age, Text("Version", "status.nodeInfo.kubeletVersion"),
            Cell("Internal-IP", "string", o => Address(o, "InternalIP"), 1), Cell("External-IP", "string", o => Address(o, "ExternalIP"), 1),
            Text("OS-Image", "status.nodeInfo.osImage", "<unknown>", 1), Cell("Kernel-Version", "string", Kernel, 1),
            Text("Container-Runtime", "status.nodeInfo.containerRuntimeVersion", "<unknown>", 1),
        ],
        "PodTemplate" => [Columns.Name, .. Template(o => o.Map("template"), 0), Cell("Pod Labels", "string", o => Pairs(o.Map("template", "metadata")?.Map("labels")))],
        "ReplicationController" =>
        [
            Columns.Name, Number("Desired", "spec.replicas"), Number("Current", "status.replicas"), Number("Ready", "status.readyReplicas"), Columns.Age,
            .. Template(o => o.Map("spec", "template")), Cell("Selector", "string", o => Pairs(o.Map("spec", "selector")), 1),
        ],
        "ResourceQuota" => [Columns.Name, Cell("Request", "string", o => Quota(o, limits: false)), Cell("Limit", "string", o => Quota(o, limits: true)), Columns.Age],
        "LimitRange" => [Columns.Name, Columns.FromPath("Created At", "string", "", "", 0, ".metadata.creationTimestamp")],
        _ => null,
    };

    private static string ExternalIp(JsonMap o)
    {
        var external = o.Map("spec")?.List("externalIPs")?.Strings() ?? [];
        if (o.Text("spec", "type") == "ExternalName") return o.Text("spec", "externalName") ?? "";
        var balancer = o.Text("spec", "type") == "LoadBalancer";
        var all = string.Join(",", (balancer ? NetworkColumns.Addresses(o) : []).Concat(external));
        return all.Length > 0 ? all : balancer ? "<pending>" : "<none>";
    }

    private static string Ports(JsonMap o)
    {
        var ports = o.Map("spec")?.List("ports")?.Maps().Select(p =>
            JsonText.Of(p.At("port")) + (p.At("nodePort") is long node ? ":" + node.ToString(CultureInfo.InvariantCulture) : "") + "/" + (p.Text("protocol") ?? "TCP"));
        var text = string.Join(",", ports ?? []);
        return text.Length == 0 ? "<none>" : text;
    }

    private static string Endpoints(JsonMap o)
    {
        if (o.List("subsets") is not { Count: > 0 } subsets) return "<none>";
        var all = from subset in subsets.Maps()
                  from port in subset.List("ports") is { Count: > 0 } ports ? ports.Maps().Select(p => ":" + JsonText.Of(p.At("port"))) : [""]
                  from address in subset.List("addresses")?.Maps() ?? []
                  let ip = address.Text("ip") ?? ""
                  select (port.Length > 0 && ip.Contains(':', StringComparison.Ordinal) ? $"[{ip}]" : ip) + port;
        return Listed(all, 3);
    }

    private static string NodeStatus(JsonMap o)
    {
        var ready = o.Map("status")?.List("conditions")?.Maps().FirstOrDefault(c => c.Text("type") == "Ready")?.Text("status");
        var text = ready switch { "True" => "Ready", null => "Unknown", _ => "NotReady" };
        return o.Map("spec")?.At("unschedulable") is true ? text + ",SchedulingDisabled" : text;
    }

    private static string Roles(JsonMap o)
    {
        const string Prefix = "node-role.kubernetes.io/";
        var labels = o.Map("metadata", "labels") ?? [];
        var roles = labels.Keys.Where(k => k.StartsWith(Prefix, StringComparison.Ordinal)).Select(k => k[Prefix.Length..])
            .Append(labels.Text("kubernetes.io/role") ?? "").Where(r => r.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var text = string.Join(",", roles);
        return text.Length == 0 ? "<none>" : text;
    }

    private static string Address(JsonMap o, string type) =>
        o.Map("status")?.List("addresses")?.Maps().FirstOrDefault(a => a.Text("type") == type)?.Text("address") ?? "<none>";

    private static string Kernel(JsonMap o)
    {
        var info = o.Map("status", "nodeInfo");
        var version = info?.Text("kernelVersion") is { Length: > 0 } known ? known : "<unknown>";
        return info?.Text("architecture") is { Length: > 0 } architecture ? $"{version} ({architecture})" : version;
    }

    private static string Quota(JsonMap o, bool limits) => string.Join(", ", (o.Map("status", "hard") ?? [])
        .Where(p => p.Key.StartsWith("limits.", StringComparison.Ordinal) == limits).OrderBy(p => p.Key, StringComparer.Ordinal)
        .Select(p => $"{p.Key}: {o.Map("status", "used")?.At(p.Key) ?? "0"}/{p.Value}"));
}
