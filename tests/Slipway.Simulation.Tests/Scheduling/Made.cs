using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;
using Slipway.Simulation.Scheduling;

namespace Slipway.Simulation.Tests.Scheduling;

/// <summary>A cluster in memory: objects in short, and what a schedule makes of them.</summary>
internal sealed class Made
{
    public List<JsonObject> Nodes { get; } = [];

    public List<JsonObject> Pods { get; } = [];

    public List<JsonObject> Claims { get; } = [];

    public List<JsonObject> Slices { get; } = [];

    public List<JsonObject> Classes { get; } = [Object("""{"metadata":{"name":"gpu"},"spec":{"selectors":[{"cel":{"expression":"device.driver == 'gpu'"}}],"extendedResourceName":"example.com/gpu"}}""")];

    public List<JsonObject> Groups { get; } = [];

    public List<JsonObject> Volumes { get; } = [];

    public static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    public Made Node(string name, string more = "", string allocatable = """{"cpu":"8","memory":"64Gi","pods":"110"}""", string labels = "{}", string spec = "{}")
    {
        Nodes.Add(Object($$$$$$"""{"metadata":{"name":"{{{{{{name}}}}}}","labels":{{{{{{labels}}}}}}},"spec":{{{{{{spec}}}}}},"status":{"allocatable":{{{{{{allocatable}}}}}},"conditions":[{"type":"Ready","status":"True"}]{{{{{{more}}}}}}}}"""));
        return this;
    }

    /// <summary>Devices of a node.</summary>
    public Made Devices(string node, params string[] devices)
    {
        Slices.Add(Object($$$$$$"""{"metadata":{"name":"{{{{{{node}}}}}}"},"spec":{"driver":"gpu","nodeName":"{{{{{{node}}}}}}","pool":{"name":"{{{{{{node}}}}}}","generation":1,"resourceSliceCount":1},"devices":[{{{{{{string.Join(',', devices)}}}}}}]}}"""));
        return this;
    }

    public Made Gpus(string node, int count) => Devices(node, [.. Enumerable.Range(0, count).Select(i => $$$$$$"""{"name":"gpu-{{{{{{i}}}}}}"}""")]);

    public Made Pod(string name, string spec = "{}", int priority = 0, string labels = "{}", string cpu = "1", params string[] claims)
    {
        var pod = Object($$$$$$"""{"metadata":{"namespace":"a","name":"{{{{{{name}}}}}}","uid":"uid-{{{{{{name}}}}}}","creationTimestamp":"2026-01-01T00:00:{{{{{{Pods.Count % 60:00}}}}}}Z","labels":{{{{{{labels}}}}}}},"spec":{{{{{{spec}}}}}},"status":{"phase":"Pending"}}""");
        pod["spec"]!["containers"] ??= new JsonArray(Object($$$$$$"""{"name":"c","resources":{"requests":{"cpu":"{{{{{{cpu}}}}}}"}}}"""));
        pod["spec"]!["priority"] = priority;
        if (claims.Length > 0) pod["spec"]!["resourceClaims"] = new JsonArray([.. claims.Select(static c => (JsonNode)new JsonObject { ["name"] = c, ["resourceClaimName"] = c })]);
        Pods.Add(pod);
        return this;
    }

    /// <summary>A claim with one request, of which the rest is given.</summary>
    public Made Claim(string name, string exactly = "{}", string constraints = "[]")
    {
        var request = Object(exactly);
        if (!request.ContainsKey("deviceClassName")) request["deviceClassName"] = "gpu";
        return ClaimOf(name, $$$$$$"""[{"name":"r","exactly":{{{{{{request.ToJsonString()}}}}}}}]""", constraints);
    }

    public Made ClaimOf(string name, string requests, string constraints = "[]")
    {
        Claims.Add(Object($$$$$$"""{"metadata":{"namespace":"a","name":"{{{{{{name}}}}}}","uid":"claim-{{{{{{name}}}}}}"},"spec":{"devices":{"requests":{{{{{{requests}}}}}},"constraints":{{{{{{constraints}}}}}}}}}"""));
        return this;
    }

    public Made Gang(string name, int least, string more = "")
    {
        Groups.Add(Object($$$$$$"""{"metadata":{"namespace":"a","name":"{{{{{{name}}}}}}","uid":"group-{{{{{{name}}}}}}"},"spec":{"schedulingPolicy":{"gang":{"minCount":{{{{{{least}}}}}}}}{{{{{{more}}}}}}}}"""));
        return this;
    }

    public ClusterObjects Snapshot() => new()
    {
        Nodes = All(Nodes),
        Pods = All(Pods),
        Claims = All(Claims),
        Slices = All(Slices),
        Classes = All(Classes),
        Groups = All(Groups),
        Volumes = All(Volumes),
    };

    public Schedule Decide() => Scheduler.Decide(Snapshot());

    /// <summary>Decides, and writes what was decided into the objects.</summary>
    public Schedule Run()
    {
        var schedule = Decide();
        foreach (var grants in schedule.Claims)
        {
            if (grants.Made is { } made)
            {
                Claims.Add(made.Object.DeepClone().AsObject());
                Find(Pods, made.Pod)["status"]!["extendedResourceClaimStatus"] = made.PodStatus.DeepClone();
            }

            var claim = Find(Claims, grants.Claim);
            if (claim["status"] is not JsonObject status) claim["status"] = status = [];
            if (grants.Allocation is { } allocation) status["allocation"] = allocation.DeepClone();
            if (status["reservedFor"] is not JsonArray reserved) status["reservedFor"] = reserved = [];
            foreach (var consumer in grants.Consumers) reserved.Add(consumer.DeepClone());
        }

        foreach (var binding in schedule.Bindings) Find(Pods, binding.Pod)["spec"]!["nodeName"] = binding.Node;
        return schedule;
    }

    public string? NodeOf(string pod) => (string?)Find(Pods, new("a", pod))["spec"]!["nodeName"];

    /// <summary>The devices of a claim, with the request that each is for.</summary>
    public IEnumerable<string> DevicesOf(string claim) =>
        Find(Claims, new("a", claim))["status"]?["allocation"]?["devices"]?["results"]?.AsArray().Select(static r => $"{r!["request"]}={r["pool"]}/{r["device"]}") ?? [];

    private static JsonObject Find(List<JsonObject> objects, NamespacedName key) => objects.Single(o => (string?)o["metadata"]!["name"] == key.Name);

    private static ImmutableArray<JsonElement> All(List<JsonObject> objects) => [.. objects.Select(static o =>
    {
        using var document = JsonDocument.Parse(o.ToJsonString());
        return document.RootElement.Clone();
    })];
}
