using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Services;

/// <summary>Services: what follows from their type, and what an update keeps. Addresses are given by <see cref="ServiceAllocation"/>.</summary>
internal sealed class ServiceStrategy : PlainStrategy
{
    private const long StickySeconds = 10_800;

    public override string? NameFault(string name) => name.Contains('.', StringComparison.Ordinal) ? "must not contain dots" : Names.LabelFault(name);

    public override void Default(JsonMap value)
    {
        var spec = value.Ensure("spec");
        if (spec.Text("type") is null or "") spec["type"] = "ClusterIP";
        foreach (var port in spec.List("ports")?.Maps() ?? [])
            if (port.At("targetPort") is null or 0L or "" && port.At("port") is { } number) port["targetPort"] = number;
        if (spec.Text("sessionAffinity") == "ClientIP") spec.Ensure("sessionAffinityConfig").Ensure("clientIP").TryAdd("timeoutSeconds", StickySeconds);
        else if (spec.Text("sessionAffinity") == "None") spec.Remove("sessionAffinityConfig");
        if (spec.Text("type") is "NodePort" or "LoadBalancer" or "ClusterIP") spec.TryAdd("internalTrafficPolicy", "Cluster");
        if (IsExternal(spec)) spec.TryAdd("externalTrafficPolicy", "Cluster");
        if (spec.Text("type") == "LoadBalancer") spec.TryAdd("allocateLoadBalancerNodePorts", true);
    }

    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap { ["loadBalancer"] = new JsonMap() };

    public override void PrepareForUpdate(JsonMap value, JsonMap old)
    {
        if (value.Map("spec") is not { } spec || old.Map("spec") is not { } before) return;
        // Of the two fields, who changes the older one alone means both.
        if (spec.Text("clusterIP") is { Length: > 0 } address && address != before.Text("clusterIP") && JsonValues.Same(spec.At("clusterIPs"), before.At("clusterIPs")))
            spec["clusterIPs"] = JsonList.Of([address]);
        KeepAllocations(spec, before);
        if (spec.Text("type") != before.Text("type")) DropWhatDoesNotFit(spec, before);
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var spec = new Spot(value.Map("spec")!, "spec", errors);
        ServiceRules.Check(spec);
        if (old?.Map("spec") is { } before) ServiceRules.CheckUpdate(spec, before);
    }

    /// <summary>Gets whether a service is reached from outside of the cluster.</summary>
    public static bool IsExternal(JsonMap spec) =>
        spec.Text("type") is "NodePort" or "LoadBalancer" || (spec.Text("type") == "ClusterIP" && spec.List("externalIPs") is { Count: > 0 });

    public static bool HasNodePorts(JsonMap spec) => spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && spec.At("allocateLoadBalancerNodePorts") is not false);

    /// <summary>Gets whether a service has a port at which load balancers ask nodes whether they hold its pods.</summary>
    public static bool HasHealthPort(JsonMap spec) => spec.Text("type") == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    // Who updates without having read what was allocated does not mean to lose it.
    private static void KeepAllocations(JsonMap spec, JsonMap before)
    {
        var type = spec.Text("type") ?? "ClusterIP";
        if (type != "ExternalName" && before.Text("type") != "ExternalName")
        {
            if (spec.Text("clusterIP") is null or "" && spec.List("clusterIPs") is null or { Count: 0 })
                foreach (var name in (string[])["clusterIP", "clusterIPs"])
                    if (before.At(name) is { } given) spec[name] = JsonValues.Copy(given);
            foreach (var name in (string[])["ipFamilies", "ipFamilyPolicy"])
                if (before.At(name) is { } given) spec.TryAdd(name, JsonValues.Copy(given));
        }

        if (type is "NodePort" or "LoadBalancer" && HasNodePorts(before)) KeepNodePorts(spec, before);
        if (HasHealthPort(spec) && HasHealthPort(before) && before.At("healthCheckNodePort") is { } health) spec.TryAdd("healthCheckNodePort", health);
    }

    private static void KeepNodePorts(JsonMap spec, JsonMap before)
    {
        var taken = (spec.List("ports")?.Maps() ?? []).Select(p => p.At("nodePort")).OfType<long>().ToHashSet();
        foreach (var port in spec.List("ports")?.Maps() ?? [])
        {
            if (port.At("nodePort") is > 0L) continue;
            var same = (before.List("ports")?.Maps() ?? []).FirstOrDefault(b => JsonValues.Same(b.At("port"), port.At("port")) && (b.Text("protocol") ?? "TCP") == (port.Text("protocol") ?? "TCP"));
            if (same?.At("nodePort") is long number && taken.Add(number)) port["nodePort"] = number;
        }
    }

    // Of another type, a service has no use for what only its old type had, unless the update itself asks for it.
    private static void DropWhatDoesNotFit(JsonMap spec, JsonMap before)
    {
        void Drop(params string[] names)
        {
            foreach (var name in names)
                if (JsonValues.Same(spec.At(name), before.At(name))) spec.Remove(name);
        }

        if (spec.Text("type") == "ExternalName") Drop("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        if (spec.Text("type") is not ("NodePort" or "LoadBalancer"))
        {
            foreach (var port in spec.List("ports")?.Maps() ?? [])
                if ((before.List("ports")?.Maps() ?? []).Any(b => JsonValues.Same(b.At("nodePort"), port.At("nodePort")))) port.Remove("nodePort");
        }

        if (!IsExternal(spec)) Drop("externalTrafficPolicy");
        if (!HasHealthPort(spec)) Drop("healthCheckNodePort");
        if (spec.Text("type") != "LoadBalancer") Drop("allocateLoadBalancerNodePorts", "loadBalancerClass");
    }
}
