using System.Text.Json.Nodes;
using Slipway.Runtimes;

namespace Slipway.Operator.Install;

/// <summary>
/// The monitors of devices: a pod on each node with NVIDIA devices, which looks at all of them whoever has them (admin access), in a namespace that the cluster's
/// administrator made and labelled for that. The namespace is not among the objects: whoever may make claims in it sees everybody's devices.
/// </summary>
internal static class DeviceMonitorManifests
{
    /// <summary>Of everything that belongs to it.</summary>
    public const string Name = "slipway-device-monitor";

    private const string DeviceClass = "gpu.nvidia.com";
    private const int Port = 8082;

    /// <summary>The monitor's rights, in its own namespace: to write what it read. A report's name has the node's, which no rule could state.</summary>
    public static IReadOnlyList<AccessRule> Access { get; } = [new("", ["configmaps"], ["create", "patch"])];

    /// <summary>The objects in the order in which they must come.</summary>
    /// <param name="options">What is wanted; with the namespace of the monitors.</param>
    public static IEnumerable<JsonObject> All(InstallOptions options)
    {
        var ns = options.DeviceMonitor!;
        yield return Start("v1", "ServiceAccount", ns);
        var role = Start("rbac.authorization.k8s.io/v1", "Role", ns);
        role["rules"] = new JsonArray([.. Access.Select(static r => r.ToJson())]);
        yield return role;
        var binding = Start("rbac.authorization.k8s.io/v1", "RoleBinding", ns);
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = Name };
        binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Name, ["namespace"] = ns });
        yield return binding;
        var template = Start("resource.k8s.io/v1", "ResourceClaimTemplate", ns);
        template["spec"] = Parse($$"""
            {"spec": {"devices": {"requests": [{"name": "all", "exactly": {"deviceClassName": "{{DeviceClass}}", "allocationMode": "All", "adminAccess": true} }]} } }
            """);
        yield return template;
        var set = Start("apps/v1", "DaemonSet", ns);
        set["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels(), ["annotations"] = Parse($$"""{"prometheus.io/scrape": "true", "prometheus.io/port": "{{Port}}"}""") },
                ["spec"] = Pod(options),
            },
        };
        yield return set;
    }

    private static JsonObject Pod(InstallOptions options) => new()
    {
        ["serviceAccountName"] = Name,
        // As NVIDIA's own driver chooses nodes, by labels of GPU feature discovery or node feature discovery: elsewhere a claim for all devices would wait for ever.
        ["affinity"] = Parse("""
            {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [
              {"matchExpressions": [{"key": "nvidia.com/gpu.present", "operator": "In", "values": ["true"]}]},
              {"matchExpressions": [{"key": "feature.node.kubernetes.io/pci-10de.present", "operator": "In", "values": ["true"]}]}]}}}
            """),
        ["tolerations"] = new JsonArray(Parse("""{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}""")),
        ["resourceClaims"] = new JsonArray(Parse($$"""{"name": "all", "resourceClaimTemplateName": "{{Name}}"}""")),
        ["securityContext"] = Parse("""{"runAsNonRoot": true, "runAsUser": 1654, "runAsGroup": 1654, "seccompProfile": {"type": "RuntimeDefault"}}"""),
        ["containers"] = new JsonArray(new JsonObject
        {
            ["name"] = "monitor",
            ["image"] = options.Image,
            ["imagePullPolicy"] = options.ImagePullPolicy,
            ["args"] = new JsonArray("dra", "monitor", $"--listen=http://0.0.0.0:{Port}"),
            ["env"] = new JsonArray(
                Parse("""{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}"""),
                Parse("""{"name": "DOTNET_EnableDiagnostics", "value": "0"}""")),
            ["ports"] = new JsonArray(Parse($$"""{"name": "metrics", "containerPort": {{Port}}}""")),
            ["livenessProbe"] = Parse("""{"httpGet": {"path": "/healthz", "port": "metrics"}}"""),
            ["resources"] = Parse("""{"requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}, "claims": [{"name": "all"}]}"""),
            ["securityContext"] = Parse("""{"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}}"""),
        }),
    };

    private static JsonObject Start(string apiVersion, string kind, string ns) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = ns, ["labels"] = Labels() },
    };

    private static JsonObject Labels() => new() { ["app.kubernetes.io/name"] = "slipway", ["app.kubernetes.io/component"] = "device-monitor" };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
