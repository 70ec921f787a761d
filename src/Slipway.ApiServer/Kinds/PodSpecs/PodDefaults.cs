using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The defaults of pod specs that a schema cannot say.</summary>
internal static class PodDefaults
{
    /// <summary>The members that hold containers, all of whose defaults are the same.</summary>
    public static readonly string[] Containers = ["initContainers", "containers", "ephemeralContainers"];

    /// <summary>Completes a spec in a pod or in a template.</summary>
    public static void Apply(JsonMap? spec)
    {
        if (spec is null) return;
        spec.TryAdd("securityContext", new JsonMap());
        if (spec.At("terminationGracePeriodSeconds") is < 0L) spec["terminationGracePeriodSeconds"] = 1L;
        foreach (var member in Containers)
            foreach (var container in spec.List(member)?.Maps() ?? []) ContainerDefaults.Apply(container);
        foreach (var volume in spec.List("volumes")?.Maps() ?? []) VolumeDefaults.Apply(volume);
    }

    /// <summary>Completes the spec of a pod with what templates leave open.</summary>
    public static void ApplyToPod(JsonMap spec)
    {
        Apply(spec);
        spec.TryAdd("enableServiceLinks", true);
        if (spec.At("hostNetwork") is true) UseHostPorts(spec);
        PodResources.CompleteRequests(spec);
    }

    private static void UseHostPorts(JsonMap spec)
    {
        foreach (var member in (string[])["initContainers", "containers"])
            foreach (var port in (spec.List(member)?.Maps() ?? []).SelectMany(c => c.List("ports")?.Maps() ?? []))
                if (port.At("containerPort") is > 0L and var number) port.TryAdd("hostPort", number);
    }
}
