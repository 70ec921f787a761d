using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.ModelDeployments.Accelerators;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Accelerators;

/// <summary>Claims of devices: the templates by which each pod gets one, and how a pod refers to it (`resource.k8s.io/v1`).</summary>
internal static class DeviceClaims
{
    /// <summary>The entry of a pod's `resourceClaims`, and the one request of a template.</summary>
    public const string Name = "accelerators";

    /// <summary>The kind of the templates, stable and on since Kubernetes 1.34.</summary>
    public static RuntimeObject TemplateKind { get; } = new("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates") { IsCustom = false, IsDiscovered = true };

    /// <summary>The templates that roles need; two that ask for the same share one.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="roles">What each role asks for.</param>
    public static IEnumerable<JsonObject> Templates(ModelDeployment deployment, params IEnumerable<AcceleratorsSpec?> roles) =>
        roles.Where(r => r is { ResourceClaimName: null } && DeviceClasses.Claims(r)).Select(r => Template(deployment, r!)).DistinctBy(t => (string)t["metadata"]!["name"]!);

    /// <summary>Gives a container a pod's claim, in place of an extended resource.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="asked">What its role asks for; nothing is done where that takes no claim.</param>
    /// <param name="pod">The pod's spec; changed in place.</param>
    /// <param name="container">The container that uses the devices; changed in place.</param>
    public static void Attach(ModelDeployment deployment, AcceleratorsSpec? asked, JsonObject pod, JsonObject container)
    {
        if (asked is null || !DeviceClasses.Claims(asked)) return;
        if (container["resources"] is not JsonObject resources) container["resources"] = resources = new JsonObject();
        resources["claims"] = References();
        AttachPod(deployment, asked, pod);
    }

    /// <summary>Lets a pod share the claim of its gang.</summary>
    /// <param name="template">The claim's template; nothing is done where it is null.</param>
    /// <param name="pod">The pod's spec; changed in place.</param>
    /// <param name="container">The container that uses it; changed in place.</param>
    public static void Share(string? template, JsonObject pod, JsonObject container)
    {
        if (template is null) return;
        if (container["resources"] is not JsonObject resources) container["resources"] = resources = new JsonObject();
        if (resources["claims"] is not JsonArray references) resources["claims"] = references = [];
        references.Add(new JsonObject { ["name"] = GangContent.SharedClaim });
        if (pod["resourceClaims"] is not JsonArray claims) pod["resourceClaims"] = claims = [];
        claims.Add(GangContent.Claim(template));
    }

    /// <summary>A container's `resources.claims`.</summary>
    public static JsonArray References() => new(new JsonObject { ["name"] = Name });

    /// <summary>Gives a pod its claim, to which a container refers by <see cref="References"/>.</summary>
    public static void AttachPod(ModelDeployment deployment, AcceleratorsSpec? asked, JsonObject pod)
    {
        if (asked is null || !DeviceClasses.Claims(asked)) return;
        var claim = new JsonObject { ["name"] = Name };
        if (asked.ResourceClaimName is { } shared) claim["resourceClaimName"] = shared;
        else claim["resourceClaimTemplateName"] = (string)Template(deployment, asked)["metadata"]!["name"]!;
        pod["resourceClaims"] = new JsonArray(claim);
        Tolerate(asked, pod);
    }

    // A plugin of the server adds it to pods with an extended resource, and to no others (ExtendedResourceToleration).
    private static void Tolerate(AcceleratorsSpec asked, JsonObject pod)
    {
        var classes = (asked.FirstAvailable is { Count: > 0 } alternatives ? alternatives.Select(a => DeviceClasses.Of(a, asked)) : [DeviceClasses.Of(asked)]).Distinct();
        foreach (var taint in classes.Select(c => c == DeviceClasses.DefaultPartition ? DeviceClasses.Default : c).Select(DeviceClasses.Find).Select(c => c?.Resource).OfType<string>().Distinct())
        {
            if (pod["tolerations"] is not JsonArray tolerations) pod["tolerations"] = tolerations = new JsonArray();
            if (tolerations.Any(t => (string?)t!["key"] == taint)) continue;
            tolerations.Add(new JsonObject { ["key"] = taint, ["operator"] = "Exists", ["effect"] = "NoSchedule" });
        }
    }

    // A template's spec can never change: another one has another name.
    private static JsonObject Template(ModelDeployment deployment, AcceleratorsSpec asked)
    {
        var spec = Spec(asked);
        var template = Rendered.Start(deployment, "resource.k8s.io/v1", TemplateKind.Kind, $"-{Name}-{Rendered.Digest(spec.ToJsonString())[..8]}");
        template["spec"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = Rendered.Labels(deployment) }, ["spec"] = spec };
        return template;
    }

    /// <summary>The spec of a claim.</summary>
    internal static JsonObject Spec(AcceleratorsSpec asked) => new() { ["devices"] = Devices(asked) };

    private static JsonObject Devices(AcceleratorsSpec asked)
    {
        var request = new JsonObject { ["name"] = Name };
        if (asked.FirstAvailable is { Count: > 0 } alternatives) request["firstAvailable"] = new JsonArray([.. alternatives.Select(a => Request(asked, a))]);
        else request["exactly"] = Request(asked, null);
        var devices = new JsonObject { ["requests"] = new JsonArray(request) };
        if (asked.MatchAttribute is { Count: > 0 } common)
            devices["constraints"] = new JsonArray([.. common.Select(a => new JsonObject { ["requests"] = new JsonArray(Name), ["matchAttribute"] = a })]);
        return devices;
    }

    private static JsonObject Request(AcceleratorsSpec asked, DeviceAlternative? alternative)
    {
        var request = new JsonObject();
        if (alternative is not null) request["name"] = alternative.Name;
        var name = alternative is null ? DeviceClasses.Of(asked) : DeviceClasses.Of(alternative, asked);
        request["deviceClassName"] = name;
        var known = DeviceClasses.Find(name);
        // What an alternative says of partition replaces what is said beside it: a device is one part or another.
        var outer = alternative?.Partition is null ? asked : asked with { Partition = null };
        var selectors = DeviceSelectors.Of(outer, known).Concat(alternative is null ? [] : DeviceSelectors.Of(alternative, known)).ToList();
        if (selectors.Count > 0) request["selectors"] = new JsonArray([.. selectors.Select(s => new JsonObject { ["cel"] = new JsonObject { ["expression"] = s } })]);
        request["allocationMode"] = "ExactCount";
        request["count"] = asked.Count ?? 1;
        var capacity = (asked.Capacity ?? new Dictionary<string, Api.Meta.Quantity>()).Concat(alternative?.Capacity ?? new Dictionary<string, Api.Meta.Quantity>())
            .GroupBy(c => c.Key).OrderBy(c => c.Key, StringComparer.Ordinal).ToList();
        if (capacity.Count > 0)
            request["capacity"] = new JsonObject { ["requests"] = new JsonObject(capacity.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Last().Value.Text))) };
        return request;
    }
}
