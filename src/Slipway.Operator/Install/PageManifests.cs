using System.Text.Json.Nodes;
using Slipway.Runtimes;

namespace Slipway.Operator.Install;

/// <summary>The page in a cluster: a process of its own that may only look, since what people do they do with their own rights.</summary>
internal static class PageManifests
{
    public const string Name = "slipway-web";
    public const int Port = 7081;

    private const string Scratch = "/var/lib/slipway";

    /// <summary>What it may: keep lists of what it shows, and ask whose a token is. What it has seen it shows to those who may see it.</summary>
    public static IReadOnlyList<AccessRule> Rights(IEnumerable<RuntimeDescriptor> runtimes)
    {
        string[] verbs = ["list", "watch"];
        (string Group, string Resource)[] own =
        [
            ("gateway.networking.k8s.io", "gateways"), ("gateway.networking.k8s.io", "httproutes"), ("airunway.ai", "modeldeployments"), ("airunway.ai", "inferenceproviderconfigs"), ("apiextensions.k8s.io", "customresourcedefinitions"),
            ("slipway.dev", "evaluationschedules"), ("slipway.dev", "evaluationsuites"), ("slipway.dev", "modelrollouts"), ("slipway.dev", "qualitygates"),
        ];
        var shown = runtimes.SelectMany(OperatorAccess.Of).Where(static r => r.Verbs.Contains("list") && r.Verbs.Contains("watch")).SelectMany(static r => r.Resources.Select(x => (r.Group, Resource: x))).Concat(own);
        return
        [
            .. shown.Distinct().GroupBy(static r => r.Group, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal).Select(g => new AccessRule(g.Key, [.. g.Select(static r => r.Resource).Order(StringComparer.Ordinal)], verbs)),
            new AccessRule("authentication.k8s.io", ["tokenreviews"], ["create"]),
        ];
    }

    /// <summary>Everything of it.</summary>
    public static IEnumerable<JsonObject> All(InstallOptions options)
    {
        yield return Start(options, "v1", "ServiceAccount");
        var role = Start(null, "rbac.authorization.k8s.io/v1", "ClusterRole");
        role["rules"] = new JsonArray([.. Rights(options.Runtimes.Select(static r => r.Descriptor)).Select(static r => r.ToJson())]);
        yield return role;
        var binding = Start(null, "rbac.authorization.k8s.io/v1", "ClusterRoleBinding");
        binding["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "ClusterRole", ["name"] = Name };
        binding["subjects"] = new JsonArray(new JsonObject { ["kind"] = "ServiceAccount", ["name"] = Name, ["namespace"] = options.Namespace });
        yield return binding;
        yield return Deployment(options);
        var service = Start(options, "v1", "Service");
        service["spec"] = new JsonObject { ["selector"] = Labels(), ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = "http" }) };
        yield return service;
        yield return NetworkPolicy(options);
    }

    // Sessions are in memory, so that there is one process; whoever is signed in when it goes signs in anew.
    private static JsonObject Deployment(InstallOptions options)
    {
        var deployment = Start(options, "apps/v1", "Deployment");
        deployment["spec"] = new JsonObject
        {
            ["replicas"] = 1,
            ["strategy"] = new JsonObject { ["type"] = "Recreate" },
            ["selector"] = new JsonObject { ["matchLabels"] = Labels() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels() },
                ["spec"] = new JsonObject
                {
                    ["serviceAccountName"] = Name,
                    ["securityContext"] = OperatorWorkload.PodSecurity(),
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "web",
                        ["image"] = options.Image,
                        ["imagePullPolicy"] = options.ImagePullPolicy,
                        ["args"] = new JsonArray([.. Arguments(options).Select(static a => (JsonNode)a)]),
                        ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["containerPort"] = Port }),
                        ["env"] = new JsonArray(Variable("DOTNET_EnableDiagnostics", "0"), Variable("HOME", Scratch)),
                        ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "scratch", ["mountPath"] = Scratch }, new JsonObject { ["name"] = "oidc", ["mountPath"] = PageOidc.Folder, ["readOnly"] = true }),
                        // By its port: to any name but its own the page answers that it has none.
                        ["readinessProbe"] = Parse("""{"tcpSocket": {"port": "http"}}"""),
                        ["livenessProbe"] = Parse("""{"tcpSocket": {"port": "http"}, "periodSeconds": 20}"""),
                        ["resources"] = Parse("""{"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "1Gi"}}"""),
                        ["securityContext"] = OperatorWorkload.ContainerSecurity(),
                    }),
                    ["volumes"] = new JsonArray(
                        Parse("""{"name": "scratch", "emptyDir": {"sizeLimit": "1Gi"}}"""),
                        new JsonObject { ["name"] = "oidc", ["secret"] = new JsonObject { ["secretName"] = PageOidc.Secret, ["optional"] = true } }),
                },
            },
        };
        return deployment;
    }

    private static IEnumerable<string> Arguments(InstallOptions options)
    {
        yield return "web";
        yield return "--web-address=0.0.0.0";
        yield return $"--web-port={Port}";
        yield return "--web-proxied";
        foreach (var host in options.WebHosts) yield return $"--web-host={host}";
        foreach (var argument in options.WebOidc?.Arguments() ?? []) yield return argument;
        yield return $"--scratch={Scratch}";
        yield return $"--operator-namespace={options.Namespace}";
        yield return $"--runtimes={options.RuntimeNames}";
        if (options.Gateway is { Length: > 0 } gateway) yield return $"--gateway={gateway}";
        if (options.ModelsUrl is { Length: > 0 } url) yield return $"--models-url={url}";
        if (options.Prometheus is { Length: > 0 } prometheus) yield return $"--prometheus={prometheus}";
    }

    // In comes whoever passes requests on; which of the cluster's proxies that is, only the cluster knows. Out go names, the Kubernetes API, the hub, and engines' metrics.
    private static JsonObject NetworkPolicy(InstallOptions options)
    {
        var policy = Start(options, "networking.k8s.io/v1", "NetworkPolicy");
        policy["spec"] = new JsonObject
        {
            ["podSelector"] = new JsonObject { ["matchLabels"] = Labels() },
            ["policyTypes"] = new JsonArray("Ingress", "Egress"),
            ["ingress"] = new JsonArray(Parse("""{"ports": [{"port": "http"}]}""")),
            ["egress"] = new JsonArray(
                Parse("""{"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}"""),
                Parse("""{"ports": [{"port": 443}, {"port": 6443}]}"""),
                Parse("""{"to": [{"namespaceSelector": {}}]}""")),
        };
        return policy;
    }

    private static JsonObject Labels() => new() { ["app.kubernetes.io/name"] = "slipway", ["app.kubernetes.io/component"] = "web" };

    private static JsonObject Start(InstallOptions? options, string apiVersion, string kind)
    {
        var metadata = new JsonObject { ["name"] = Name };
        if (options is not null) metadata["namespace"] = options.Namespace;
        metadata["labels"] = Labels();
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
