using System.Globalization;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of containers.</summary>
internal static class ContainerRules
{
    private static readonly string[] s_probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    public static void CheckAll(Spot pod, IReadOnlyDictionary<string, JsonMap> volumes, IReadOnlySet<string> claims)
    {
        if (pod.Value.ContainsKey("containers") && pod.Value.List("containers") is null or { Count: 0 }) pod.Required("containers");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var hostPorts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var container in pod.Items("containers"))
        {
            Check(pod, container, volumes, claims, names);
            Ports(container, pod.Value.At("hostNetwork") is true, hostPorts);
            Hooks(container);
            container.OneOf("restartPolicy", "Always", "Never", "OnFailure");
        }

        foreach (var container in pod.Items("initContainers"))
        {
            Check(pod, container, volumes, claims, names);
            Ports(container, pod.Value.At("hostNetwork") is true, new HashSet<string>(StringComparer.Ordinal));
            container.OneOf("restartPolicy", "Always", "Never", "OnFailure");
            Init(container);
        }
    }

    private static void Check(Spot pod, Spot container, IReadOnlyDictionary<string, JsonMap> volumes, IReadOnlySet<string> claims, HashSet<string> names)
    {
        container.Fits("name", Names.LabelFault);
        var name = container.Text("name");
        if (name.Length == 0 && container.Value.ContainsKey("name")) container.Required("name");
        if (name.Length > 0 && !names.Add(name)) container.Duplicate("name", name);
        var image = container.Text("image");
        if (image.Length == 0) container.Required("image");
        else if (image.Trim() != image) container.Invalid("image", image, "must not have leading or trailing whitespace");
        container.OneOf("terminationMessagePolicy", "File", "FallbackToLogsOnError");
        EnvironmentRules.Check(container);
        MountRules.Check(container, volumes);
        ResourceRules.CheckContainer(container, claims);
        SecurityRules.CheckContainer(container);
        foreach (var policy in container.Items("resizePolicy"))
        {
            if (policy.Text("resourceName") is not ("cpu" or "memory") and var resource) container.NotSupported("resizePolicy", resource, "cpu", "memory");
            if (policy.Text("restartPolicy") is not ("NotRequired" or "RestartContainer") and var restart)
                container.NotSupported("resizePolicy", restart, "NotRequired", "RestartContainer");
        }
    }

    private static void Ports(Spot container, bool hostNetwork, HashSet<string> taken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var port in container.Items("ports"))
        {
            var name = port.Text("name");
            if (name.Length > 0)
            {
                var faults = Names.PortNameFaults(name).ToList();
                foreach (var fault in faults) port.Invalid("name", name, fault);
                if (faults.Count == 0 && !names.Add(name)) port.Duplicate("name", name);
            }

            var number = port.Number("containerPort") ?? 0;
            if (number == 0) port.Required("containerPort");
            else port.Within("containerPort", 1, ushort.MaxValue);
            if (port.Number("hostPort") is not (null or 0)) port.Within("hostPort", 1, ushort.MaxValue);
            if (hostNetwork && port.Number("hostPort") is { } onHost && onHost != number) port.Invalid("hostPort", onHost, "must match `containerPort` when `hostNetwork` is true");
            port.OneOf("protocol", "SCTP", "TCP", "UDP");
            if (port.Number("hostPort") is not (> 0 and var host)) continue;
            var key = string.Create(CultureInfo.InvariantCulture, $"{port.Text("protocol")}/{port.Text("hostIP")}/{host}");
            if (!taken.Add(key)) port.Duplicate("hostPort", key);
        }
    }

    private static void Hooks(Spot container)
    {
        foreach (var hook in (string[])["postStart", "preStop"])
            if (container.Map("lifecycle")?.Map(hook) is { } handler) ProbeRules.Handler(handler, "handler");
        foreach (var name in s_probes)
            if (container.Map(name) is { } probe) ProbeRules.Check(probe, alwaysOnce: name != "readinessProbe");
    }

    // Containers that run beside the others from the start are like these.
    private static void Init(Spot container)
    {
        if (container.Text("restartPolicy") == "Always")
        {
            Hooks(container);
            return;
        }

        const string Why = "may not be set for init containers without restartPolicy=Always";
        foreach (var member in (string[])["lifecycle", .. s_probes])
            if (container.Has(member)) container.Forbidden(member, Why);
    }
}
