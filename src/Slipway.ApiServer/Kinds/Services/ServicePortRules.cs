using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Services;

/// <summary>The rules of a service's ports.</summary>
internal static class ServicePortRules
{
    public static void Check(Spot spec)
    {
        var (names, numbers, nodes) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<(string, long)>(), new HashSet<(string, long)>());
        var many = spec.Value.List("ports") is { Count: > 1 };
        var external = spec.Text("type") is "NodePort" or "LoadBalancer";
        foreach (var port in spec.Items("ports"))
        {
            var (name, number, protocol) = (port.Text("name"), port.Number("port") ?? 0, port.Text("protocol"));
            if (name.Length == 0)
            {
                if (many) port.Required("name");
            }
            else if (Names.LabelFault(name) is { } fault)
            {
                port.Invalid("name", name, fault);
            }
            else if (!names.Add(name))
            {
                port.Duplicate("name", name);
            }

            if (number is < 1 or > ushort.MaxValue) port.Invalid("port", number, Spot.Range(1, ushort.MaxValue));
            port.OneOf("protocol", "SCTP", "TCP", "UDP");
            Target(port);
            var node = port.Number("nodePort") ?? 0;
            if (node != 0 && !external) port.Forbidden("nodePort", $"may not be used when `type` is '{spec.Text("type")}'");
            else if (node != 0 && !nodes.Add((protocol, node))) port.Duplicate("nodePort", node);
            if (!numbers.Add((protocol, number))) spec.Errors.Add(FieldError.Duplicate(port.Path, Shown(protocol, number)));
        }
    }

    private static void Target(Spot port)
    {
        if (port.Value.At("targetPort") is string name)
            foreach (var fault in Names.PortNameFaults(name)) port.Invalid("targetPort", name, fault);
        else port.Within("targetPort", 1, ushort.MaxValue);
    }

    // Upstream shows its inner form of what makes a port one of its own.
    private static JsonMap Shown(string protocol, long number) => new()
    {
        ["Name"] = "",
        ["Protocol"] = protocol,
        ["AppProtocol"] = null,
        ["Port"] = number,
        ["TargetPort"] = 0L,
        ["NodePort"] = 0L,
    };
}
