using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Simulators;

namespace Slipway.Integration.Tests.Gateways;

/// <summary>Models behind the cluster's Gateway, whose controller is played.</summary>
public sealed class GatewayTests(BareCluster cluster) : IClassFixture<BareCluster>, IAsyncLifetime
{
    private readonly string _name = $"g{Guid.NewGuid():n}"[..12];
    private static readonly Resource<CachedObject> s_pools = ApiKinds.Kind("inference.networking.k8s.io", "v1", "inferencepools", "InferencePool");

    private SlipwayOperator? _slipway;
    private NamespacedName _gateway;

    public static TheoryData<string> Names => [.. RuntimeCase.Driven.Select(c => c.Name)];

    public async ValueTask InitializeAsync()
    {
        _gateway = new NamespacedName(await cluster.NamespaceAsync(), _name);
        _slipway = await cluster.StartSlipwayAsync(TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _slipway!.DisposeAsync();
        await cluster.Client.DeleteAsync(ApiKinds.Gateways, _gateway, CancellationToken.None);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_models_route_leads_from_its_name_to_what_answers_and_goes_when_it_is_not_wanted(string name)
    {
        await GatewayAsync();
        var test = RuntimeCase.All.Single(c => c.Name == name);
        var deployed = await DeployAsync(test.Spec, Stage.Loading);
        await deployed.UntilAsync(ConditionTypes.GatewayReady, "NotGatewayReady");
        Assert.Null(await RouteAsync(deployed));

        deployed.Take(Stage.Ready);
        var running = await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        Assert.Equal((deployed.Key.Name, $"http://{GatewaySimulator.Address}:8080/v1", _gateway.Namespace), (running.Status!.Gateway!.ModelName, running.Status.Gateway.Endpoint, running.Status.Gateway.GatewayNamespace));
        var route = JsonNode.Parse((await RouteAsync(deployed))!.Json.GetRawText())!["spec"]!;
        var rule = route["rules"]![0]!;
        Assert.Equal(("X-Gateway-Model-Name", deployed.Key.Name), ((string)rule["matches"]![0]!["headers"]![0]!["name"]!, (string)rule["matches"]![0]!["headers"]![0]!["value"]!));
        var backend = rule["backendRefs"]![0]!;
        var expected = name.StartsWith("llmd", StringComparison.Ordinal) ? ("InferencePool", deployed.Key.Name, null) : ("Service", test.Service.Replace("{name}", deployed.Key.Name, StringComparison.Ordinal), (int?)test.Port);
        Assert.Equal(expected, ((string)backend["kind"]!, (string)backend["name"]!, (int?)backend["port"]));

        // While it does not answer the route stays: requests wait or fail at the model, and not as if there were none.
        deployed.Take(Stage.Crashing);
        await deployed.UntilAsync(ConditionTypes.GatewayReady, "NotGatewayReady");
        Assert.NotNull(await RouteAsync(deployed));
        deployed.Take(Stage.Ready);
        await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);

        await ChangeAsync(deployed, new JsonObject { ["enabled"] = false });
        await Wait.UntilAsync(async () => await RouteAsync(deployed) is null, "the route to go");
        await deployed.UntilAsync(d => d.Status!.Gateway is null && Deployed.Condition(d, ConditionTypes.GatewayReady) is null, "nothing to be said of a gateway");
    }

    [Fact]
    public async Task One_of_two_of_one_name_has_it_and_the_other_takes_over()
    {
        await GatewayAsync();
        var (first, second) = (await DeployAsync(Vllm()), await DeployAsync(Vllm()));
        await second.ApplyAsync(Named(Vllm(), first.Key.Name));
        // Which of them is older is not to be told here: the API counts in seconds, and then by uid.
        await Wait.UntilAsync(async () => (await ReasonsAsync(first, second)).Order().SequenceEqual([ConditionTypes.GatewayReady, "ModelNameTaken"]), "one to have the name and the other to be told");
        if ((await ReasonsAsync(first))[0] == "ModelNameTaken") (first, second) = (second, first);
        var loser = await second.UntilAsync(DeploymentPhase.Running);
        Assert.Contains($"go to {first.Key}, which is older", Deployed.Condition(loser, ConditionTypes.GatewayReady)!.Message, StringComparison.Ordinal);
        await Wait.UntilAsync(async () => await RouteAsync(second) is null, "the other's route to go");
        await first.DeleteAsync();
        await first.GoneAsync();
        await second.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        Assert.NotNull(await RouteAsync(second));
    }

    [Fact]
    public async Task A_gateway_that_does_not_let_the_namespace_in_is_told_in_its_words_and_left_as_it_is()
    {
        await GatewayAsync();
        var before = (await cluster.Client.GetAsync(ApiKinds.Gateways, _gateway, CancellationToken.None))!.Json.GetProperty("spec").GetRawText();
        var name = $"m{Guid.NewGuid():n}"[..12];
        cluster.Operators.TakeRoute(name, Stage.Failed);
        var deployed = await DeployAsync(Vllm(), Stage.Ready, name);
        var refused = await deployed.UntilAsync(ConditionTypes.GatewayReady, "NotAllowedByListeners");
        Assert.Equal(DeploymentPhase.Running, refused.Status!.Phase);
        var message = Deployed.Condition(refused, ConditionTypes.GatewayReady)!.Message!;
        Assert.Contains(RouteSimulator.NotLetIn, message, StringComparison.Ordinal);
        Assert.Contains($"it has to let in {deployed.Key.Namespace}", message, StringComparison.Ordinal);
        Assert.Equal(before, (await cluster.Client.GetAsync(ApiKinds.Gateways, _gateway, CancellationToken.None))!.Json.GetProperty("spec").GetRawText());
        cluster.Operators.TakeRoute(name, Stage.Ready);
        await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
    }

    [Fact]
    public async Task A_route_of_the_users_own_is_used_and_one_of_somebody_elses_is_left_alone()
    {
        await GatewayAsync();
        var ns = await cluster.NamespaceAsync();
        var own = await OwnRouteAsync(ns, "mine");
        var spec = Vllm();
        spec["gateway"] = new JsonObject { ["httpRouteRef"] = "mine" };
        var given = new Deployed(cluster, ns, "given");
        await given.ApplyAsync(Named(spec, "given"));
        await given.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        Assert.Null(await RouteAsync(given));

        var theirs = await OwnRouteAsync(ns, "taken");
        var taken = new Deployed(cluster, ns, "taken");
        await taken.ApplyAsync(Named(Vllm(), "taken"));
        await taken.UntilAsync(ConditionTypes.GatewayReady, "ResourceConflict");
        await taken.UntilAsync(DeploymentPhase.Running);
        foreach (var (name, uid) in new[] { ("mine", own), ("taken", theirs) })
            Assert.Equal(uid, (await cluster.Client.GetAsync(ApiKinds.HttpRoutes, new NamespacedName(ns, name), CancellationToken.None))!.Identity.Uid);

        spec["gateway"]!["httpRouteRef"] = "absent";
        await given.ApplyAsync(Named(spec, "given"));
        await given.UntilAsync(ConditionTypes.GatewayReady, "RouteMissing");
    }

    [Fact]
    public async Task A_gateway_that_comes_later_is_found_and_one_without_an_address_is_said_to_be()
    {
        var spec = Vllm();
        spec["gateway"] = new JsonObject { ["enabled"] = true };
        var asks = await DeployAsync(spec);
        await asks.UntilAsync(ConditionTypes.GatewayReady, "GatewayMissing");
        var silent = await DeployAsync(Vllm());
        Assert.Null(Deployed.Condition(await silent.UntilAsync(DeploymentPhase.Running), ConditionTypes.GatewayReady));

        cluster.Operators.TakeRoute(_name, Stage.Loading);
        await GatewayAsync();
        await asks.UntilAsync(ConditionTypes.GatewayReady, "GatewayNotProgrammed");
        cluster.Operators.TakeRoute(_name, Stage.Ready);
        await asks.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        await silent.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        await cluster.Client.DeleteAsync(ApiKinds.Gateways, _gateway, CancellationToken.None);
        await asks.UntilAsync(ConditionTypes.GatewayReady, "GatewayMissing");
        await Wait.UntilAsync(async () => await RouteAsync(silent) is null, "the route to go with the gateway");
    }

    [Fact]
    public async Task A_route_that_somebody_changes_or_deletes_is_set_right()
    {
        await GatewayAsync();
        var deployed = await DeployAsync(Vllm());
        await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        var before = (await RouteAsync(deployed))!.Identity.Uid;
        await cluster.Client.MergePatchAsync(ApiKinds.HttpRoutes, deployed.Key, JsonNode.Parse("""{"spec":{"parentRefs":[]}}""")!.AsObject(), "vandal", CancellationToken.None);
        await Wait.UntilAsync(async () => (await RouteAsync(deployed))?.Json.GetProperty("spec").GetRawText().Contains(_name, StringComparison.Ordinal) == true, "the gateway to be named again");
        await cluster.Client.DeleteAsync(ApiKinds.HttpRoutes, deployed.Key, CancellationToken.None);
        await Wait.UntilAsync(async () => await RouteAsync(deployed) is { } route && route.Identity.Uid != before, "the route to be made again");
    }

    [Fact]
    public async Task A_third_partys_provider_gets_the_endpoint_picker_that_it_declares_before_its_own_pods()
    {
        await GatewayAsync();
        var name = $"p{Guid.NewGuid():n}"[..12];
        var provider = new NamespacedName("", name);
        await cluster.Client.ApplyAsync(Kinds.Providers, provider, JsonNode.Parse($$"""
            {
              "apiVersion": "airunway.ai/v1alpha1", "kind": "InferenceProviderConfig", "metadata": { "name": "{{name}}" },
              "spec": { "capabilities": { "engines": [{ "name": "sglang", "gpuSupport": true, "servingModes": ["aggregated"],
                "gateway": { "ignoresServedName": true, "endpointPicker": { "image": "example.com/picker:1", "configData": "apiVersion: llm-d.ai/v1alpha1\nkind: EndpointPickerConfig\n" } } }] } }
            }
            """)!.AsObject(), "third", CancellationToken.None);
        await cluster.Client.MergePatchAsync(Kinds.Providers, provider, JsonNode.Parse("""{ "status": { "ready": true } }""")!.AsObject(), "third", CancellationToken.None, "status");
        try
        {
            var spec = JsonNode.Parse($$"""{ "model": { "id": "Qwen/Qwen3-8B" }, "engine": { "type": "sglang" }, "provider": { "name": "{{name}}" }, "gateway": { "modelName": "{{name}}" } }""")!.AsObject();
            var deployed = await Deployed.ApplyAsync(cluster, spec);
            await deployed.UntilAsync(d => d.Status!.Provider?.Name == name, "to be chosen");
            var key = deployed.Key with { Name = $"{deployed.Key.Name}-svc" };
            await cluster.Client.ApplyAsync(ApiKinds.Services, key, JsonNode.Parse($$"""
                { "apiVersion": "v1", "kind": "Service", "metadata": { "name": "{{key.Name}}", "namespace": "{{key.Namespace}}" },
                  "spec": { "selector": { "app": "{{name}}" }, "ports": [{ "port": 80, "targetPort": 5000 }] } }
                """)!.AsObject(), "third", CancellationToken.None);
            await cluster.Client.MergePatchAsync(Kinds.ModelDeployments, deployed.Key, JsonNode.Parse($$"""
                { "status": { "phase": "Running", "replicas": { "desired": 1, "ready": 1, "available": 1 }, "endpoint": { "service": "{{key.Name}}", "port": 80 } } }
                """)!.AsObject(), "third", CancellationToken.None, "status");

            await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
            Assert.Contains("\"InferencePool\"", (await RouteAsync(deployed))!.Json.GetProperty("spec").GetRawText(), StringComparison.Ordinal);
            var pool = (await cluster.Client.GetAsync(s_pools, deployed.Key, CancellationToken.None))!.Json.GetProperty("spec");
            Assert.Equal((name, 5000), (pool.GetProperty("selector").GetProperty("matchLabels").GetProperty("app").GetString(), pool.GetProperty("targetPorts")[0].GetProperty("number").GetInt32()));
            var picker = new NamespacedName(deployed.Key.Namespace, pool.GetProperty("endpointPickerRef").GetProperty("name").GetString()!);
            Assert.Contains("example.com/picker:1", (await cluster.Client.GetAsync(ApiKinds.Deployments, picker, CancellationToken.None))!.Json.GetRawText(), StringComparison.Ordinal);

            await ChangeAsync(deployed, new JsonObject { ["enabled"] = false });
            await Wait.UntilAsync(
                async () => await cluster.Client.GetAsync(s_pools, deployed.Key, CancellationToken.None) is null && await cluster.Client.GetAsync(ApiKinds.Deployments, picker, CancellationToken.None) is null,
                "the pool and its picker to go");
            Assert.NotNull(await cluster.Client.GetAsync(ApiKinds.Services, key, CancellationToken.None));
            await deployed.DeleteAsync();
            await deployed.GoneAsync();
        }
        finally
        {
            await cluster.Client.DeleteAsync(Kinds.Providers, provider, CancellationToken.None);
        }
    }

    private async Task<List<string?>> ReasonsAsync(params Deployed[] deployed)
    {
        var reasons = new List<string?>();
        foreach (var one in deployed) reasons.Add(Deployed.Condition((await cluster.Client.GetAsync(Kinds.ModelDeployments, one.Key, CancellationToken.None))!, ConditionTypes.GatewayReady)?.Reason);
        return reasons;
    }

    private Task GatewayAsync() => cluster.Client.ApplyAsync(
        ApiKinds.Gateways,
        _gateway,
        JsonNode.Parse($$"""
            { "apiVersion": "gateway.networking.k8s.io/v1", "kind": "Gateway", "metadata": { "name": "{{_gateway.Name}}", "namespace": "{{_gateway.Namespace}}" },
              "spec": { "gatewayClassName": "simulated", "listeners": [{ "name": "http", "port": 8080, "protocol": "HTTP", "allowedRoutes": { "namespaces": { "from": "All" } } }] } }
            """)!.AsObject(),
        "test",
        CancellationToken.None);

    private async Task<string> OwnRouteAsync(string ns, string name)
    {
        await cluster.Client.ApplyAsync(
            ApiKinds.HttpRoutes,
            new NamespacedName(ns, name),
            JsonNode.Parse($$"""
                { "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute", "metadata": { "name": "{{name}}", "namespace": "{{ns}}" },
                  "spec": { "parentRefs": [{ "name": "{{_gateway.Name}}", "namespace": "{{_gateway.Namespace}}" }] } }
                """)!.AsObject(),
            "somebody",
            CancellationToken.None);
        return (await cluster.Client.GetAsync(ApiKinds.HttpRoutes, new NamespacedName(ns, name), CancellationToken.None))!.Identity.Uid;
    }

    private Task<CachedObject?> RouteAsync(Deployed deployed) => cluster.Client.GetAsync(ApiKinds.HttpRoutes, deployed.Key, CancellationToken.None);

    // Under a name of its own: there is one namespace of names behind a gateway.
    private Task<Deployed> DeployAsync(JsonObject spec, Stage stage = Stage.Ready, string? name = null)
    {
        name ??= $"m{Guid.NewGuid():n}"[..12];
        return Deployed.ApplyAsync(cluster, Named(spec, name), stage, name);
    }

    private static Task ChangeAsync(Deployed deployed, JsonObject gateway)
    {
        var spec = deployed.Spec.DeepClone().AsObject();
        spec["gateway"] = gateway;
        return deployed.ApplyAsync(spec);
    }

    private static JsonObject Named(JsonObject spec, string name)
    {
        var named = spec.DeepClone().AsObject();
        named["model"]!["servedName"] = name;
        return named;
    }

    private static JsonObject Vllm() => RuntimeCase.All.Single(c => c.Name == "vllm").Spec.DeepClone().AsObject();
}
