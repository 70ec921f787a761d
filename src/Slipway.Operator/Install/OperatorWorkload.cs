using System.Text.Json.Nodes;

namespace Slipway.Operator.Install;

/// <summary>The processes of the operator in a cluster, and what guards and watches them.</summary>
internal static class OperatorWorkload
{
    private const string Scratch = "/var/lib/slipway";

    // The user that .NET's container images have for this.
    private const int User = 1654;

    public static JsonObject Deployment(InstallOptions options)
    {
        var deployment = Manifests.Start(options, "apps/v1", "Deployment", Manifests.Name);
        deployment["spec"] = new JsonObject
        {
            ["replicas"] = options.Replicas.DeepClone(),
            ["selector"] = Selector(),
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Manifests.Labels() },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = Manifests.Name,
                    ["securityContext"] = PodSecurity(),
                    // Two processes on one node go together when it does.
                    ["topologySpreadConstraints"] = new JsonArray(new JsonObject
                    {
                        ["maxSkew"] = 1,
                        ["topologyKey"] = "kubernetes.io/hostname",
                        ["whenUnsatisfiable"] = "ScheduleAnyway",
                        ["labelSelector"] = Selector(),
                    }),
                    // Longer than the ten seconds within which requests under way end and the lease is given back.
                    ["terminationGracePeriodSeconds"] = 30,
                    ["containers"] = new JsonArray(Container(options)),
                    // What both sides of a rollout answered, to be read; verdicts do not rest on it.
                    ["volumes"] = new JsonArray(Parse("""{"name": "scratch", "emptyDir": {"sizeLimit": "2Gi"}}""")),
                },
            },
        };
        return deployment;
    }

    public static JsonObject Service(InstallOptions options)
    {
        var service = Manifests.Start(options, "v1", "Service", Manifests.Name);
        service["spec"] = new JsonObject
        {
            ["selector"] = Manifests.Labels(),
            ["ports"] = options.Webhook ? new JsonArray(ServicePort("metrics", Manifests.Port), ServicePort("webhook", 443)) : new JsonArray(ServicePort("metrics", Manifests.Port)),
        };
        return service;
    }

    public static JsonObject DisruptionBudget(InstallOptions options)
    {
        var budget = Manifests.Start(options, "policy/v1", "PodDisruptionBudget", Manifests.Name);
        budget["spec"] = new JsonObject { ["maxUnavailable"] = 1, ["selector"] = Selector() };
        return budget;
    }

    /// <summary>In come scrapes and what API servers ask, and nothing else; out go names, the Kubernetes API, whose address only the cluster knows, and what models' pods are asked, at ports of their own choice.</summary>
    public static JsonObject NetworkPolicy(InstallOptions options)
    {
        var policy = Manifests.Start(options, "networking.k8s.io/v1", "NetworkPolicy", Manifests.Name);
        policy["spec"] = new JsonObject
        {
            ["podSelector"] = Selector(),
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = new JsonArray(Parse(options.Webhook ? """{"ports": [{"port": "metrics"}, {"port": "webhook"}]}""" : """{"ports": [{"port": "metrics"}]}""")),
            ["egress"] = new JsonArray(
                Parse("""{"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}"""),
                Parse("""{"ports": [{"port": 443}, {"port": 6443}]}"""),
                Parse("""{"to": [{"namespaceSelector": {}}]}""")),
        };
        return policy;
    }

    public static JsonObject ServiceMonitor(InstallOptions options)
    {
        var monitor = Manifests.Start(options, "monitoring.coreos.com/v1", "ServiceMonitor", Manifests.Name);
        monitor["spec"] = new JsonObject { ["selector"] = Selector(), ["endpoints"] = new JsonArray(new JsonObject { ["port"] = "metrics" }) };
        return monitor;
    }

    /// <summary>The dashboard, where Grafana's sidecar looks for them.</summary>
    public static JsonObject Dashboard(InstallOptions options)
    {
        var dashboard = Manifests.Start(options, "v1", "ConfigMap", "slipway-dashboard");
        dashboard["metadata"]!["labels"]!["grafana_dashboard"] = "1";
        using var stream = typeof(OperatorWorkload).Assembly.GetManifestResourceStream("dashboard.json")!;
        using var reader = new StreamReader(stream);
        dashboard["data"] = new JsonObject { ["slipway.json"] = reader.ReadToEnd() };
        return dashboard;
    }

    /// <summary>What a pod of Slipway's runs as.</summary>
    internal static JsonObject PodSecurity() => new()
    {
        ["runAsNonRoot"] = true,
        ["runAsUser"] = User,
        ["runAsGroup"] = User,
        ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
    };

    /// <summary>What its container may.</summary>
    internal static JsonObject ContainerSecurity() => Parse("""{"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}}""");

    private static JsonObject Container(InstallOptions options) => new()
    {
        ["name"] = "operator",
        ["image"] = options.Image,
        ["imagePullPolicy"] = options.ImagePullPolicy,
        ["args"] = new JsonArray([.. Arguments(options).Select(a => (JsonNode)a)]),
        ["ports"] = options.Webhook ? new JsonArray(ContainerPort("metrics", Manifests.Port), ContainerPort("webhook", WebhookManifests.Port)) : new JsonArray(ContainerPort("metrics", Manifests.Port)),
        // Diagnostics need a writable folder, which there is none of.
        ["env"] = new JsonArray(new JsonObject { ["name"] = "DOTNET_EnableDiagnostics", ["value"] = "0" }),
        ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "scratch", ["mountPath"] = Scratch }),
        ["livenessProbe"] = Probe("/healthz"),
        ["readinessProbe"] = Probe("/readyz"),
        ["resources"] = Parse("""{"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}}"""),
        ["securityContext"] = ContainerSecurity(),
    };

    private static IEnumerable<string> Arguments(InstallOptions options)
    {
        yield return "operator";
        yield return $"--listen=http://0.0.0.0:{Manifests.Port}";
        yield return $"--scratch={Scratch}";
        yield return $"--runtimes={options.RuntimeNames}";
        if (options.Gateway is { Length: > 0 } gateway) yield return $"--gateway={gateway}";
        if (options.MaxReplicas is { } replicas) yield return $"--max-replicas={replicas}";
        if (options.MaxGpus is { } gpus) yield return $"--max-gpus={gpus}";
        if (options.Webhook) yield return $"--admission=https://0.0.0.0:{WebhookManifests.Port}";
    }

    private static JsonObject ServicePort(string name, int port) => new() { ["name"] = name, ["port"] = port, ["targetPort"] = name };

    private static JsonObject ContainerPort(string name, int port) => new() { ["name"] = name, ["containerPort"] = port };

    private static JsonObject Probe(string path) => new() { ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = "metrics" } };

    private static JsonObject Selector() => new() { ["matchLabels"] = Manifests.Labels() };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
