using System.Text;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds;

/// <summary>Services: an address is made up, since no network stands behind this server.</summary>
internal sealed class ServiceStrategy : PlainStrategy
{
    public override string? NameFault(string name) => Names.LabelFault(name);

    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        if (spec.Text("type") is null) spec["type"] = "ClusterIP";
        foreach (var port in spec.List("ports")?.Maps() ?? [])
            if (!port.ContainsKey("targetPort") && port.At("port") is { } number) port["targetPort"] = number;
        if (spec.Text("type") == "ExternalName" || value.Text("metadata", "uid") is not { } uid) return;
        if (spec.Text("clusterIP") is null or "")
        {
            var bytes = Encoding.ASCII.GetBytes(uid);
            var hash = bytes.Aggregate(17u, (h, b) => (h * 31) + b);
            spec["clusterIP"] = $"10.{96 + (hash % 16)}.{(hash >> 8) % 256}.{1 + ((hash >> 16) % 254)}";
        }

        spec.TryAdd("clusterIPs", JsonList.Of([spec.Text("clusterIP")!]));
        spec.TryAdd("internalTrafficPolicy", "Cluster");
        spec.TryAdd("ipFamilies", JsonList.Of(["IPv4"]));
        spec.TryAdd("ipFamilyPolicy", "SingleStack");
        value.TryAdd("status", new JsonMap { ["loadBalancer"] = new JsonMap() });
    }

    public override void PrepareForUpdate(JsonMap value, JsonMap old)
    {
        if (value.Map("spec")?.Text("clusterIP") is not (null or "")) return;
        foreach (var name in (string[])["clusterIP", "clusterIPs"])
            if (old.Map("spec")?.At(name) is { } given) value.Ensure("spec")[name] = JsonValues.Copy(given);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var spec = value.Map("spec")!;
        if (spec.Text("type") != "ExternalName" && spec.Text("clusterIP") != "None" && spec.List("ports") is null or { Count: 0 })
            errors.Add(FieldError.Required("spec.ports"));
        if (spec.Text("type") is not ("ClusterIP" or "NodePort" or "LoadBalancer" or "ExternalName"))
            errors.Add(FieldError.NotSupported("spec.type", spec.Text("type"), ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]));
    }
}
