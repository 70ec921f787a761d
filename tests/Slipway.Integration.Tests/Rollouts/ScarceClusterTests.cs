using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Install;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Rollouts;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Integration.Tests.Rollouts;

/// <summary>Rollouts in a cluster whose accelerators are all in use, with the rights of its manifests.</summary>
public sealed class ScarceClusterTests(BareCluster cluster) : IClassFixture<BareCluster>, IAsyncLifetime
{
    private readonly EngineFleet _fleet = new(Random.Shared.Next(1, 250), 8000);
    private readonly TempDirectory _evidence = new();
    private readonly List<NamespacedName> _holding = [];
    private Installed? _installed;
    private SlipwayOperator? _slipway;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster.Operators.Serve(_fleet);
        _fleet.Make = static (_, engine) => engine.Say = static question => int.TryParse(question, CultureInfo.InvariantCulture, out var number) ? $"{number + 1}" : "hello";
        _installed = await Installed.Async(cluster);
        _slipway = await StartAsync();
        const string Amounts = """{"capacity":{"nvidia.com/gpu":"2"},"allocatable":{"nvidia.com/gpu":"2"},"conditions":[{"type":"Ready","status":"True"}]}""";
        await PutAsync("api/v1/nodes/gpu-1", """{"apiVersion":"v1","kind":"Node","metadata":{"name":"gpu-1"}}""");
        await PutAsync("api/v1/nodes/gpu-1/status", $$"""{"apiVersion":"v1","kind":"Node","metadata":{"name":"gpu-1"},"status":{{Amounts}}}""");
    }

    public async ValueTask DisposeAsync()
    {
        await _slipway!.DisposeAsync();
        // The node is every test's.
        foreach (var pod in _holding) await cluster.Client.DeleteAsync(Kinds.Pods, pod, CancellationToken.None);
        await _installed!.RemoveGatewayAsync();
        _installed.Dispose();
        await _fleet.DisposeAsync();
        _evidence.Dispose();
    }

    [Fact]
    public async Task A_candidate_that_finds_no_room_is_made_once_there_is_some()
    {
        var stable = await DeployAsync(1);
        await HoldAsync(stable.Key.Namespace, "training", 2);
        var rollout = await RollOutAsync(stable, """{"strategy":"Surge"}""");
        var waiting = await UntilAsync(rollout, static s => s.Phase is RolloutPhase.Pending, "it to wait");
        Assert.Equal(
            $"No room for the candidate now: it needs 1 nvidia.com/gpu (1 replica), and 0 of 2 are free; the others are held by {stable.Key.Namespace}/training (2). It goes on by itself when there is room; or let {stable.Key.Name} give up replicas for it (spec.capacity.strategy: Swap)",
            waiting.Message);
        Assert.Null(waiting.CandidateName);
        await cluster.Client.DeleteAsync(Kinds.Pods, new NamespacedName(stable.Key.Namespace, "training"), Token);
        var begun = await UntilAsync(rollout, static s => s.CandidateName is not null, "it to begin");
        Assert.EndsWith("it needs 1 nvidia.com/gpu (1 replica), and 2 of 2 are free", begun.History![0].Why, StringComparison.Ordinal);
        Assert.Equal("", string.Join('\n', _installed!.Used.Refused));
        Assert.Contains(_installed.Used.Rights, static r => r is ("resource.k8s.io", "resourceclaims", "list"));
    }

    [Fact]
    public async Task A_swap_gives_the_candidate_a_replicas_place_and_in_the_end_the_whole_while_no_request_fails_and_an_operator_ends_in_the_middle()
    {
        var stable = await DeployAsync(2);
        await HoldAsync(stable.Key.Namespace, "all", 2);
        await using var users = new RoutedUsers(cluster, _fleet, stable.Key.Namespace, stable.Key.Name);
        var rollout = await RollOutAsync(stable, """{"strategy":"Swap"}""");
        var swapped = await UntilAsync(rollout, static s => s.Phase is RolloutPhase.Progressing, "the candidate to be up");
        Assert.Equal((2, 1, 1), (swapped.Capacity!.Replicas, swapped.Capacity.StableReplicas, swapped.Capacity.CandidateReplicas));
        Assert.Equal((1, 1), (await ReplicasAsync(stable.Key), await ReplicasAsync(stable.Key with { Name = swapped.CandidateName! })));
        // Whoever ends and begins anew finds it in the status, and gives nothing back too early.
        await _slipway!.DisposeAsync();
        _slipway = await StartAsync();
        var promoted = await UntilAsync(rollout, static s => s.Phase is RolloutPhase.Promoted, "it to be promoted");
        await Wait.UntilAsync(async () => await ReplicasAsync(stable.Key with { Name = promoted.CandidateName! }) == 2, "the candidate to have all replicas");
        var (declared, message) = (stable.Last.Spec.Scaling?.Replicas, promoted.History![0].Why);
        Assert.Equal(2, declared);
        Assert.Contains($"{stable.Key.Name} gives up 1 of 2 replicas to it", message, StringComparison.Ordinal);
        Assert.Equal(0, users.Failed);
    }

    [Fact]
    public async Task A_swap_that_is_turned_down_leaves_the_deployment_as_it_was()
    {
        var stable = await DeployAsync(2);
        await HoldAsync(stable.Key.Namespace, "most", 2);
        var rollout = await RollOutAsync(stable, """{"strategy":"Swap"}""");
        await UntilAsync(rollout, static s => s.CandidateWeight == 50, "the traffic to be divided");
        Assert.Equal(1, await ReplicasAsync(stable.Key));
        var told = await stable.UntilAsync(static d => d.Status!.Message?.Contains("1 of the 2 replicas that it declares, while ModelRollout change", StringComparison.Ordinal) == true, "the deployment to say who has its replicas");
        Assert.Equal(2, told.Spec.Scaling!.Replicas);
        await cluster.Client.MergePatchAsync(Kinds.ModelRollouts, rollout, JsonNode.Parse("""{"spec":{"abort":true}}""")!.AsObject(), "test", Token);
        var back = await UntilAsync(rollout, static s => s.Phase is RolloutPhase.RolledBack, "it to be back");
        Assert.Null(await cluster.Client.GetAsync(Kinds.ModelDeployments, stable.Key with { Name = back.CandidateName! }, Token));
        await Wait.UntilAsync(async () => await ReplicasAsync(stable.Key) == 2, "the deployment to have what it had");
    }

    private Task<SlipwayOperator> StartAsync() => cluster.StartSlipwayAsync(TimeProvider.System, _installed!.Client, rollouts: new RolloutOptions(_evidence.Path) { Services = _fleet.Services() });

    private Task PutAsync(string path, string json) => cluster.Client.ApplyRawAsync(path, Encoding.UTF8.GetBytes(json), "test", Token);

    private async Task HoldAsync(string ns, string name, int gpus)
    {
        _holding.Add(new NamespacedName(ns, name));
        await PutAsync(
            $"api/v1/namespaces/{ns}/pods/{name}",
            $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","namespace":"{{{ns}}}"},"spec":{"nodeName":"gpu-1","terminationGracePeriodSeconds":0,"containers":[{"name":"c","image":"x","resources":{"limits":{"nvidia.com/gpu":"{{{gpus}}}"} } }]} }""");
    }

    private async Task<int?> ReplicasAsync(NamespacedName deployment) =>
        (await cluster.Client.GetAsync(ApiKinds.Deployments, deployment, Token))?.Json.GetProperty("spec").GetProperty("replicas").GetInt32();

    private async Task<Deployed> DeployAsync(int replicas)
    {
        var name = $"m{Guid.NewGuid():n}"[..12];
        var spec = RuntimeCase.All.Single(static c => c.Name == "vllm").Spec.DeepClone().AsObject();
        spec["model"]!["servedName"] = name;
        spec["scaling"] = new JsonObject { ["replicas"] = replicas };
        var deployed = await Deployed.ApplyAsync(cluster, spec, name: name);
        await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        return deployed;
    }

    private async Task<NamespacedName> RollOutAsync(Deployed stable, string capacity)
    {
        var ns = stable.Key.Namespace;
        var prompts = new JsonArray([.. Enumerable.Range(0, 200).Select(static n => (JsonNode)new JsonObject { ["id"] = $"p{n}", ["prompt"] = $"{n}", ["expected"] = new JsonArray($"{n + 1}") })]);
        await ApplyAsync(Kinds.EvaluationSuites, new NamespacedName(ns, "numbers"), new JsonObject { ["graders"] = new JsonArray(new JsonObject { ["type"] = "exact" }), ["prompts"] = prompts });
        await ApplyAsync(Kinds.QualityGates, new NamespacedName(ns, "answers"), JsonNode.Parse("""{"suiteRef":{"name":"numbers"},"margin":0.1}""")!);
        var rollout = new NamespacedName(ns, "change");
        await ApplyAsync(Kinds.ModelRollouts, rollout, JsonNode.Parse($$"""
            {"deploymentRef":{"name":"{{stable.Key.Name}}" },"candidate":{"model":{"id":"Qwen/Qwen3-14B"} },"steps":[{"gates":["answers"]},{"canary":{"weight":50,"minSeconds":1 } }],"capacity":{{capacity}},"keepStableSeconds":1,"keepCandidateSeconds":1}
            """)!);
        return rollout;
    }

    private Task ApplyAsync<T>(Resource<T> kind, NamespacedName key, JsonNode spec)
        where T : class => cluster.Client.ApplyAsync(
        kind, key,
        new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace }, ["spec"] = spec },
        "test", Token);

    private async Task<ModelRolloutStatus> UntilAsync(NamespacedName rollout, Func<ModelRolloutStatus, bool> holds, string what)
    {
        ModelRolloutStatus? now = null;
        await Wait.UntilAsync(
            async () => (now = (await cluster.Client.GetAsync(Kinds.ModelRollouts, rollout, Token))?.Status) is not null && holds(now), what,
            () => JsonSerializer.Serialize(now, SlipwayJson.Default.ModelRolloutStatus), TimeSpan.FromSeconds(90));
        return now!;
    }
}
