using System.Text.Json.Nodes;
using Slipway.Testing;

namespace Slipway.Scheduling.Tests.Harness;

/// <summary>
/// What one test has in a cluster: a namespace, nodes that only its pods go to, a driver with its class. In YAML, <c>ID</c> stands for its name and
/// <c>DRIVER</c> for that of driver and class. Gone with the test.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    private const string Label = "slipway.dev/scene";

    private readonly Cluster _cluster;
    private readonly List<string> _made = [];
    private readonly List<string> _makers = [];

    private Scene(Cluster cluster) => _cluster = cluster;

    public string Id { get; } = $"t{Guid.NewGuid():n}"[..10];

    public string Driver => $"{Id}.example.com";

    public Api Api => _cluster.Api;

    public static async Task<Scene> CreateAsync(Cluster cluster, string labels)
    {
        var scene = new Scene(cluster);
        await scene.ApplyAsync($"{{kind: Namespace, metadata: {{name: ID, labels: {labels}}}}}");
        // Pods are refused until a controller has made the account that they run as.
        if (Cluster.IsReal) await cluster.Api.UntilAsync($"/api/v1/namespaces/{scene.Id}/serviceaccounts", static a => a.Count > 0, "the namespace has a service account");
        return scene;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var path in _makers) await Api.DeleteAsync(path);
        foreach (var pod in await ListAsync(Kind.Pod)) await Api.DeleteAsync(Path(Kind.Pod, Name(pod)));
        for (var i = _made.Count - 1; i >= 0; i--) await Api.DeleteAsync(_made[i]);
    }

    /// <summary>Where objects of a kind are, or one of them.</summary>
    public string Path(Kind kind, string? name = null)
    {
        var version = kind == Kind.Group ? _cluster.Groups : kind.Version;
        return $"/{(version.Contains('/') ? "apis" : "api")}/{version}{(kind.Namespaced ? $"/namespaces/{Id}" : "")}/{kind.Plural}{(name is null ? "" : $"/{name}")}";
    }

    /// <summary>Makes objects; a kind says which API version it is of.</summary>
    public async Task ApplyAsync(string yaml)
    {
        foreach (var document in Yaml.Parse(Own(yaml)))
        {
            var kind = Kind.Of((string)document["kind"]!);
            var made = document.AsObject();
            made["apiVersion"] = Path(kind) is ['/', .. var path] ? string.Join('/', path.Split('/') is ["apis", var group, var version, ..] ? [group, version] : [path.Split('/')[1]]) : "";
            var name = (string)made["metadata"]!["name"]!;
            await Api.SendAsync(HttpMethod.Post, Path(kind), made.DeepClone());
            if (!kind.Namespaced) _made.Add(Path(kind, name));
            else if (kind.Name is "StatefulSet" or "DaemonSet") _makers.Add(Path(kind, name));
        }
    }

    /// <summary>Makes a node that only this test's pods go to. Its name is <c>ID-NAME</c>.</summary>
    public async Task NodeAsync(string name, string labels = "", string allocatable = "", string spec = "", string taints = "")
    {
        await ApplyAsync($$"""
            kind: Node
            metadata: {name: ID-{{name}}, labels: {kubernetes.io/hostname: ID-{{name}}, {{Label}}: ID, host: {{name}}{{(labels.Length > 0 ? ", " + labels : "")}} } }
            spec: {taints: [{key: {{Label}}, value: ID, effect: NoSchedule}{{(taints.Length > 0 ? ", " + taints : "")}}]{{(spec.Length > 0 ? ", " + spec : "")}} }
            """);
        var room = $$"""{cpu: "64", memory: 512Gi, pods: "110"{{(allocatable.Length > 0 ? ", " + allocatable : "")}} }""";
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        await Api.MergeAsync(Path(Kind.Of("Node"), $"{Id}-{name}") + "/status", Yaml.Parse(Own(
            $$"""{status: {capacity: {{room}}, allocatable: {{room}}, conditions: [{type: Ready, status: "True", reason: Test, message: a node that is not there, lastHeartbeatTime: "{{now}}", lastTransitionTime: "{{now}}"}]} }"""))[0]);
        // A new node is tainted until a controller has seen that it is ready.
        await Api.UntilAsync("/api/v1/nodes", n => n.Any(x => Name(x) == $"{Id}-{name}" && !x["spec"]!["taints"]!.AsArray().Any(static t => (string?)t!["key"] == "node.kubernetes.io/not-ready")), $"node {name} is ready", $"{Label}={Id}");
    }

    /// <summary>Publishes devices of a node, as one slice of the node's pool.</summary>
    public Task SliceAsync(string node, IEnumerable<string> devices, string slice = "0", int generation = 1, int slices = 1) => ApplyAsync($$"""
        kind: ResourceSlice
        metadata: {name: ID-{{node}}-{{slice}}}
        spec: {driver: DRIVER, nodeName: ID-{{node}}, pool: {name: ID-{{node}}, generation: {{generation}}, resourceSliceCount: {{slices}}}, devices: [{{string.Join(", ", devices)}}]}
        """);

    /// <summary>Makes the driver's class.</summary>
    public Task ClassAsync(string more = "") =>
        ApplyAsync($"{{kind: DeviceClass, metadata: {{name: DRIVER}}, spec: {{selectors: [{{cel: {{expression: \"device.driver == 'DRIVER'\"}}}}]{(more.Length > 0 ? ", " + more : "")}}}}}");

    /// <summary>Makes a node with its devices, and the class with the first of them.</summary>
    public async Task GpusAsync(string node, IEnumerable<string> devices, string labels = "")
    {
        await NodeAsync(node, labels);
        await SliceAsync(node, devices);
        if (_made.TrueForAll(static m => !m.Contains("deviceclasses", StringComparison.Ordinal))) await ClassAsync();
    }

    /// <summary>Makes a template of claims.</summary>
    public Task TemplateAsync(string name, string requests, string constraints = "[]") =>
        ApplyAsync($"{{kind: ResourceClaimTemplate, metadata: {{name: {name}}}, spec: {{spec: {{devices: {{requests: {requests}, constraints: {constraints}}}}}}}}}");

    /// <summary>Makes a template of claims for a number of devices.</summary>
    public Task CountAsync(string name, int count) => TemplateAsync(name, $"[{{name: gpu, exactly: {{deviceClassName: DRIVER, count: {count}}}}}]");

    /// <summary>Makes a pod for this test's nodes.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="template">The template of its claim; empty for none.</param>
    /// <param name="more">Members of its spec besides, in YAML.</param>
    public Task PodAsync(string name, string template = "", string more = "{}") => ApplyAsync($"{{kind: Pod, metadata: {{name: {name}}}, spec: {PodSpec(template, more)}}}");

    /// <summary>The pod that <see cref="PodAsync"/> would make.</summary>
    public Task<JsonObject> DryRunPodAsync(string name, string more) =>
        Api.SendAsync(HttpMethod.Post, Path(Kind.Pod) + "?dryRun=All", Yaml.Parse($"{{apiVersion: v1, kind: Pod, metadata: {{name: {name}}}, spec: {PodSpec(more: more)}}}")[0]);

    /// <summary>The spec of a pod for this test's nodes, in YAML.</summary>
    public string PodSpec(string template = "", string more = "{}")
    {
        var claims = template.Length == 0 ? "" : $", resourceClaims: [{{name: gpu, resourceClaimTemplateName: {template}}}]";
        var spec = Yaml.Parse(Own($$"""
            {nodeSelector: {{{Label}}: ID}, tolerations: [{key: {{Label}}, operator: Exists}], terminationGracePeriodSeconds: 0{{claims}},
             containers: [{name: c, image: x, resources: {requests: {cpu: 100m}{{(template.Length == 0 ? "" : ", claims: [{name: gpu}]")}} } }]}
            """))[0].AsObject();
        foreach (var (key, value) in Yaml.Parse(Own(more))[0].AsObject())
        {
            if (spec[key] is JsonObject there) foreach (var (name, entry) in value!.AsObject()) there[name] = entry!.DeepClone();
            else spec[key] = value!.DeepClone();
        }

        return spec.ToJsonString();
    }

    /// <summary>Puts the scene's names into a text.</summary>
    public string Own(string text) => text.Replace("DRIVER", Driver, StringComparison.Ordinal).Replace("ID", Id, StringComparison.Ordinal);

    public async Task<IReadOnlyList<JsonObject>> ListAsync(Kind kind) => [.. (await Api.GetAsync(Path(kind)))["items"]!.AsArray().Select(static i => i!.AsObject())];

    public Task<IReadOnlyList<JsonObject>> UntilAsync(Kind kind, Func<IReadOnlyList<JsonObject>, bool> holds, string what, TimeSpan? patience = null, bool fails = true) =>
        Api.UntilAsync(Path(kind), holds, what, patience: patience, fails: fails);

    public Task DeleteAsync(Kind kind, string name) => Api.DeleteAsync(Path(kind, name));

    public static string Name(JsonNode value) => (string)value["metadata"]!["name"]!;
}
