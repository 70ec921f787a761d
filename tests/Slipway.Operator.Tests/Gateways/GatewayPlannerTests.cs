using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Operator.Gateways;

namespace Slipway.Operator.Tests.Gateways;

public sealed class GatewayPlannerTests
{
    private const string Taken = """{"type":"Accepted","status":"True","observedGeneration":2},{"type":"ResolvedRefs","status":"True","observedGeneration":2}""";

    [Fact]
    public void A_route_matches_the_models_name_and_those_of_its_adapters()
    {
        var plan = GatewayPlanner.Plan(Given.Deployment(null, "sql", "law"), Given.Input());
        var rule = Assert.Single(plan.Route!["spec"]!["rules"]!.AsArray())!;
        Assert.Equal(["chat", "sql", "law"], rule["matches"]!.AsArray().Select(m => (string)m!["headers"]![0]!["value"]!));
        Assert.Equal("""[{"group":"","kind":"Service","name":"chat","weight":1,"port":8000}]""", rule["backendRefs"]!.ToJsonString());
        Assert.Equal("""[{"group":"gateway.networking.k8s.io","kind":"Gateway","namespace":"gateways","name":"models"}]""", plan.Route["spec"]!["parentRefs"]!.ToJsonString());
        Assert.Equal(("http://192.0.2.1/v1", "chat", GatewayPlanner.Pending), (plan.Status!.Endpoint, plan.Status.ModelName, plan.Fault!.Reason));
    }

    [Fact]
    public void More_names_than_a_rule_takes_make_more_rules() =>
        Assert.Equal([64, 37], GatewayPlanner.Plan(Given.Deployment(null, [.. Enumerable.Range(0, 100).Select(i => $"a{i}")]), Given.Input()).Route!["spec"]!["rules"]!.AsArray().Select(r => r!["matches"]!.AsArray().Count));

    [Theory]
    [InlineData(null, null, "chat-pool", null)]
    [InlineData("{name}", "{namespace}", "chat", null)]
    [InlineData("{namespace}-{name}", "pools", "team-chat", "pools")]
    public void A_runtimes_own_pool_is_where_requests_go(string? name, string? ns, string pool, string? poolNamespace)
    {
        var backend = GatewayPlanner.Plan(Given.Deployment(), Given.Input() with { Engine = Given.Pooled(name, ns) }).Route!["spec"]!["rules"]![0]!["backendRefs"]![0]!;
        Assert.Equal(("InferencePool", pool, poolNamespace, null), ((string)backend["kind"]!, (string)backend["name"]!, (string?)backend["namespace"], backend["port"]));
    }

    [Fact]
    public void A_model_that_does_not_answer_yet_has_no_route_and_one_that_did_keeps_its_own()
    {
        Assert.Null(GatewayPlanner.Plan(Given.Deployment(), Given.Input(ready: false)).Route);
        var kept = GatewayPlanner.Plan(Given.Deployment(), Given.Input(ready: false) with { Route = Given.Route(Taken) });
        Assert.Equal("chat", (string)kept.Route!["spec"]!["rules"]![0]!["backendRefs"]![0]!["name"]!);
        Assert.Equal(GatewayPlanner.Waiting, kept.Fault!.Reason);
    }

    [Fact]
    public void It_is_reached_once_the_gateway_took_the_route() => Assert.Null(GatewayPlanner.Plan(Given.Deployment(), Given.Input() with { Route = Given.Route(Taken) }).Fault);

    [Theory]
    [InlineData("""{"type":"Accepted","status":"True","observedGeneration":1},{"type":"ResolvedRefs","status":"True","observedGeneration":2}""", "RoutePending")]
    [InlineData("""{"type":"Accepted","status":"True"}""", "RoutePending")]
    [InlineData("""{"type":"Accepted","status":"False","reason":"NotAllowedByListeners","message":"no"}""", "NotAllowedByListeners")]
    [InlineData("""{"type":"Accepted","status":"True"},{"type":"ResolvedRefs","status":"False","reason":"BackendNotFound","message":"no"}""", "BackendNotFound")]
    public void What_the_gateway_says_of_the_route_is_passed_on(string conditions, string reason) =>
        Assert.Equal(reason, GatewayPlanner.Plan(Given.Deployment(), Given.Input() with { Route = Given.Route(conditions) }).Fault!.Reason);

    [Fact]
    public void Nothing_is_said_where_nobody_asked_for_a_gateway_and_there_is_none()
    {
        var none = Given.Input() with { Facts = GatewayFacts.None };
        Assert.True(GatewayPlanner.Plan(Given.Deployment(), none).Silent);
        Assert.True(GatewayPlanner.Plan(Given.Deployment(new GatewaySpec { Enabled = false }), Given.Input()).Silent);
        foreach (var asked in new[] { new GatewaySpec { Enabled = true }, new GatewaySpec { ModelName = "a" }, new GatewaySpec { HttpRouteRef = "a" }, new GatewaySpec { PoolRef = "a" } })
            Assert.Equal("GatewayMissing", GatewayPlanner.Plan(Given.Deployment(asked), none).Fault!.Reason);
        var ambiguous = new GatewayFacts(null, null, new("GatewayAmbiguous", "which?"));
        Assert.Equal("GatewayAmbiguous", GatewayPlanner.Plan(Given.Deployment(), none with { Facts = ambiguous }).Fault!.Reason);
    }

    [Fact]
    public void A_name_that_the_engine_would_not_answer_to_makes_no_route()
    {
        var named = Given.Deployment(new GatewaySpec { ModelName = "support" });
        var plan = GatewayPlanner.Plan(named, Given.Input());
        Assert.Equal((null, "ModelNameUnknown"), (plan.Route, plan.Fault!.Reason));
        Assert.Contains("set spec.model.servedName to \"support\"", plan.Fault.Message, StringComparison.Ordinal);
        var answersToOneNameOnly = new EngineCapability { Name = EngineType.Vllm, Gateway = new EngineGatewayCapability { IgnoresServedName = true } };
        Assert.NotNull(GatewayPlanner.Plan(named, Given.Input() with { Engine = answersToOneNameOnly }).Route);
    }

    [Fact]
    public void A_route_of_somebody_elses_is_left_as_it_is()
    {
        var plan = GatewayPlanner.Plan(Given.Deployment(), Given.Input() with { Route = Given.Route(Taken, owner: "another") });
        Assert.Equal((null, "ResourceConflict"), (plan.Route, plan.Fault!.Reason));
    }

    [Fact]
    public void A_route_of_the_users_own_is_used_whatever_gateway_it_hangs_on()
    {
        var named = Given.Deployment(new GatewaySpec { HttpRouteRef = "mine" });
        Assert.Equal("RouteMissing", GatewayPlanner.Plan(named, Given.Input()).Fault!.Reason);
        var plan = GatewayPlanner.Plan(named, Given.Input() with { GivenRoute = Given.Route(Taken, parent: "other") });
        Assert.Equal((null, null), (plan.Route, plan.Fault));
    }

    [Fact]
    public void A_pool_of_the_users_own_is_where_the_route_leads()
    {
        var plan = GatewayPlanner.Plan(Given.Deployment(new GatewaySpec { PoolRef = "mine" }), Given.Input() with { Engine = Given.Pooled() });
        Assert.Equal("""[{"group":"inference.networking.k8s.io","kind":"InferencePool","name":"mine","weight":1}]""", plan.Route!["spec"]!["rules"]![0]!["backendRefs"]!.ToJsonString());
    }
}
