using Slipway.ApiServer.Json;
using static Slipway.ApiServer.Tables.Cells;

namespace Slipway.ApiServer.Tables;

/// <summary>Ingresses, network policies and slices of endpoints.</summary>
internal static class NetworkColumns
{
    public static IReadOnlyList<PrinterColumn>? For(string kind) => kind switch
    {
        "Ingress" =>
        [
            Columns.Name, Text("Class", "spec.ingressClassName", "<none>"), Cell("Hosts", "string", Hosts), Cell("Address", "string", o => string.Join(",", Addresses(o))),
            Cell("Ports", "string", o => o.Map("spec")?.List("tls") is { Count: > 0 } ? "80, 443" : "80"), Columns.Age,
        ],
        "IngressClass" =>
        [
            VolumeColumns.NameOrDefault("ingressclass.kubernetes.io/is-default-class"), Text("Controller", "spec.controller"), Cell("Parameters", "string", Parameters), Columns.Age,
        ],
        "NetworkPolicy" => [Columns.Name, Cell("Pod-Selector", "string", o => Selector(o.Map("spec", "podSelector"))), Columns.Age],
        "EndpointSlice" =>
        [
            Columns.Name, Text("AddressType", "addressType"), Cell("Ports", "string", Ports),
            Cell("Endpoints", "string", o => Some(o.List("endpoints")?.Maps().SelectMany(e => e.List("addresses")?.Strings() ?? []) ?? [])), Columns.Age,
        ],
        _ => null,
    };

    /// <summary>The addresses of a load balancer, in order.</summary>
    public static IEnumerable<string> Addresses(JsonMap o) => (o.Map("status", "loadBalancer")?.List("ingress")?.Maps() ?? [])
        .Select(i => i.Text("ip") is { Length: > 0 } ip ? ip : i.Text("hostname") ?? "").Where(a => a.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static string Hosts(JsonMap o)
    {
        var rules = o.Map("spec")?.List("rules")?.Maps().ToList() ?? [];
        var hosts = rules.Select(r => r.Text("host")).Where(h => h is { Length: > 0 }).ToList();
        if (hosts.Count == 0) return "*";
        return string.Join(",", hosts.Take(3)) + (hosts.Count > 3 ? $" + {rules.Count - 3} more..." : "");
    }

    private static string Parameters(JsonMap o) => o.Map("spec", "parameters") is { } parameters
        ? parameters.Text("kind") + (parameters.Text("apiGroup") is { } group ? "." + group : "") + "/" + parameters.Text("name") : "<none>";

    private static string Ports(JsonMap o) =>
        Some(o.List("ports")?.Maps().Select(p => p.At("port") is long port ? JsonText.Of(port) : p.Text("name") ?? "*") ?? []);

    private static string Some(IEnumerable<string> items) => Listed(items, 3) is { Length: > 0 } text ? text : "<unset>";
}
