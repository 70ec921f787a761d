using System.Net;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Services;

/// <summary>The rules of services.</summary>
internal static class ServiceRules
{
    private const string OnlyBalanced = "may only be used when `type` is 'LoadBalancer'";

    // A day, the longest that a client may stick to one pod.
    private const long LongestStickySeconds = 86_400;

    private static readonly string[] s_types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

    public static void Check(Spot spec)
    {
        var type = spec.Text("type");
        var headless = spec.Text("clusterIP") == "None";
        if (spec.Value.List("ports") is null or { Count: 0 } && !headless && type != "ExternalName") spec.Required("ports");
        ServicePortRules.Check(spec);
        if (!s_types.Contains(type)) spec.NotSupported("type", type, s_types);
        if (type == "ExternalName") External(spec);
        foreach (var (key, value) in spec.Value.Map("selector") ?? [])
        {
            foreach (var fault in Names.QualifiedNameFaults(key)) spec.Invalid("selector", key, fault);
            if (value is string text && Names.LabelValueFault(text) is { } wrong) spec.Invalid("selector", text, wrong);
        }

        spec.OneOf("sessionAffinity", "ClientIP", "None");
        if (spec.Text("sessionAffinity") == "ClientIP" && spec.Map("sessionAffinityConfig")?.Map("clientIP") is { } sticky &&
            sticky.Number("timeoutSeconds") is <= 0 or > LongestStickySeconds)
            sticky.Invalid("timeoutSeconds", sticky.Number("timeoutSeconds"), "must be greater than 0 and less than 86400");
        if (type != "ExternalName") AddressRules.Check(spec, type, headless);
        Traffic(spec, type);
        ExternalAddresses(spec);
        if (type == "LoadBalancer") return;
        if (spec.Has("loadBalancerClass")) spec.Forbidden("loadBalancerClass", OnlyBalanced);
        if (spec.Has("allocateLoadBalancerNodePorts")) spec.Forbidden("allocateLoadBalancerNodePorts", OnlyBalanced);
    }

    public static void CheckUpdate(Spot spec, JsonMap before)
    {
        if (spec.Text("type") != "ExternalName" && before.Text("type") != "ExternalName" && before.Text("clusterIP") is { Length: > 0 } given && given != spec.Text("clusterIP"))
            spec.Errors.Add(FieldError.Invalid("spec.clusterIPs[0]", JsonList.Of([spec.Text("clusterIP")]), "may not change once set"));
        if (spec.Text("type") == "LoadBalancer" && before.Text("type") == "LoadBalancer" && spec.Value.Text("loadBalancerClass") != before.Text("loadBalancerClass"))
            spec.Invalid("loadBalancerClass", spec.Value.At("loadBalancerClass"), "may not change once set");
    }

    private static void External(Spot spec)
    {
        if (spec.Value.List("clusterIPs") is { Count: > 0 } || spec.Text("clusterIP").Length > 0) spec.Forbidden("clusterIPs", "may not be set for ExternalName services");
        var name = spec.Text("externalName").TrimEnd('.');
        if (name.Length == 0) spec.Required("externalName");
        else if (Names.SubdomainFault(name) is { } fault) spec.Invalid("externalName", name, fault);
    }

    private static void Traffic(Spot spec, string type)
    {
        spec.OneOf("internalTrafficPolicy", "Cluster", "Local");
        spec.OneOf("trafficDistribution", "PreferClose", "PreferSameZone", "PreferSameNode");
        if (ServiceStrategy.IsExternal(spec.Value)) spec.OneOf("externalTrafficPolicy", "Cluster", "Local");
        else if (spec.Text("externalTrafficPolicy") is { Length: > 0 } policy) spec.Invalid("externalTrafficPolicy", policy, "may only be set for externally-accessible services");
        if (spec.Number("healthCheckNodePort") is not (null or 0) and var port && !ServiceStrategy.HasHealthPort(spec.Value))
            spec.Invalid("healthCheckNodePort", port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
    }

    private static void ExternalAddresses(Spot spec)
    {
        foreach (var (text, path) in spec.Texts("externalIPs"))
        {
            if (!IPAddress.TryParse(text, out var address)) spec.Errors.Add(FieldError.Invalid(path, text, Addresses.Fault));
            else if (Addresses.Unfit(address) is { } why) spec.Errors.Add(FieldError.Invalid(path, text, why));
        }

        // Upstream spells this field as its Go name.
        if (spec.Value.List("loadBalancerSourceRanges") is not { Count: > 0 }) return;
        if (spec.Text("type") != "LoadBalancer") spec.Forbidden("LoadBalancerSourceRanges", OnlyBalanced);
        foreach (var (text, path) in spec.Texts("loadBalancerSourceRanges"))
            if (!IPNetwork.TryParse(text.Trim(), out _)) spec.Errors.Add(FieldError.Invalid(path.Replace(".load", ".Load", StringComparison.Ordinal), text, Addresses.NetworkFault));
    }
}
