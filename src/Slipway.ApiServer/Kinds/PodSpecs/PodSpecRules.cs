using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of pod specs, in pods and in templates (k8s.io/kubernetes, core validation).</summary>
internal static class PodSpecRules
{
    private const string Or = "`resourceClaimName` or `resourceClaimTemplateName`";

    /// <summary>Checks a spec.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="path">Where it lies.</param>
    /// <param name="errors">What its faults are added to.</param>
    /// <param name="claims">The claims that each pod gets besides, which containers may mount by their names.</param>
    public static void Check(JsonMap spec, string path, List<FieldError> errors, JsonList? claims = null)
    {
        var pod = new Spot(spec, path, errors);
        var volumes = VolumeRules.Check(pod, claims);
        ContainerRules.CheckAll(pod, volumes, Claims(pod));
        pod.OneOf("dnsPolicy", "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None");
        Dns(pod);
        pod.Within("activeDeadlineSeconds", 1, int.MaxValue);
        pod.Fits("nodeName", Names.SubdomainFault);
        pod.Fits("serviceAccountName", Names.SubdomainFault);
        pod.Fits("priorityClassName", Names.SubdomainFault);
        pod.Fits("runtimeClassName", Names.SubdomainFault);
        pod.Fits("hostname", Names.LabelFault);
        pod.Fits("subdomain", Names.LabelFault);
        pod.Map("schedulingGroup")?.Fits("podGroupName", Names.SubdomainFault);
        pod.OneOf("preemptionPolicy", "PreemptLowerPriority", "Never");
        if (pod.Map("os") is { } os && os.Text("name") is not ("linux" or "windows") and var system) pod.NotSupported("os", system, "linux", "windows");
        Host(pod);
        Gates(pod);
        PlacementRules.Check(pod);
        SecurityRules.Check(pod);
        ResourceRules.CheckPod(pod);
        foreach (var gate in pod.Items("readinessGates"))
            foreach (var fault in Names.QualifiedNameFaults(gate.Text("conditionType"))) gate.Invalid("conditionType", gate.Text("conditionType"), fault);
    }

    private static void Host(Spot pod)
    {
        if (pod.Value.At("shareProcessNamespace") is true && pod.Value.At("hostPID") is true)
            pod.Invalid("securityContext.shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        if (pod.Value.At("hostUsers") is false)
            foreach (var name in (string[])["hostNetwork", "hostPID", "hostIPC"])
                if (pod.Value.At(name) is true) pod.Forbidden(name, "when `hostUsers` is false");
        foreach (var alias in pod.Items("hostAliases"))
        {
            if (!System.Net.IPAddress.TryParse(alias.Text("ip"), out _)) alias.Invalid("ip", alias.Text("ip"), Addresses.Fault);
            foreach (var (text, path) in alias.Texts("hostnames"))
                if (Names.SubdomainFault(text) is { } fault) pod.Errors.Add(FieldError.Invalid(path, text, fault));
        }
    }

    private static void Dns(Spot pod)
    {
        if (pod.Text("dnsPolicy") == "None" && pod.Map("dnsConfig") is null) pod.Required("dnsConfig", "must provide `dnsConfig` when `dnsPolicy` is None");
        if (pod.Map("dnsConfig") is not { } dns) return;
        foreach (var (text, path) in dns.Texts("nameservers"))
            if (!System.Net.IPAddress.TryParse(text, out _)) pod.Errors.Add(FieldError.Invalid(path, text, Addresses.Fault));
        if (pod.Text("dnsPolicy") == "None" && dns.Value.List("nameservers") is null or { Count: 0 })
            dns.Required("nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
        foreach (var option in dns.Items("options"))
            if (option.Text("name").Length == 0) pod.Errors.Add(FieldError.Required(option.Path, "must not be empty"));
    }

    private static void Gates(Spot pod)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var gate in pod.Items("schedulingGates"))
        {
            var name = gate.Text("name");
            foreach (var fault in Names.QualifiedNameFaults(name)) pod.Errors.Add(FieldError.Invalid(gate.Path, name, fault));
            if (!seen.Add(name)) pod.Errors.Add(FieldError.Duplicate(gate.Path, name));
        }
    }

    private static HashSet<string> Claims(Spot pod)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var claim in pod.Items("resourceClaims"))
        {
            var (given, template) = (claim.Value.Text("resourceClaimName"), claim.Value.Text("resourceClaimTemplateName"));
            claim.Name("name", Names.LabelFault);
            if (claim.Text("name") is { Length: > 0 } name && !names.Add(name)) claim.Duplicate("name", name);
            // Upstream shows its inner form, whose members are written like this.
            var shown = new JsonMap { ["Name"] = claim.Text("name"), ["ResourceClaimName"] = given, ["ResourceClaimTemplateName"] = template };
            if (given is null && template is null)
                pod.Errors.Add(FieldError.Invalid(claim.Path, shown, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`"));
            if (given is not null && template is not null) pod.Errors.Add(FieldError.Invalid(claim.Path, shown, $"at most one of {Or} may be specified"));
            claim.Fits("resourceClaimName", Names.SubdomainFault);
            claim.Fits("resourceClaimTemplateName", Names.SubdomainFault);
        }

        return names;
    }
}
