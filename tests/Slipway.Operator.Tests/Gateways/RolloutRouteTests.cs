using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Gateways;

namespace Slipway.Operator.Tests.Gateways;

/// <summary>Routes of deployments that are rolled out: by weights, and from one owner to the next.</summary>
public sealed class RolloutRouteTests
{
    private const string Taken = """{"type":"Accepted","status":"True","observedGeneration":2},{"type":"ResolvedRefs","status":"True","observedGeneration":2}""";

    private const string Divided = """[{"group":"","kind":"Service","name":"chat","weight":80,"port":8000},{"group":"","kind":"Service","name":"chat-1234","weight":20,"port":8000}]""";

    [Fact]
    public void A_candidates_share_is_a_weight_beside_the_deployments_own()
    {
        Assert.Equal(Divided, Backends(Plan(Given.Input() with { Share = Share(20) })));
        Assert.Equal("""[{"group":"","kind":"Service","name":"chat","weight":0,"port":8000},{"group":"","kind":"Service","name":"chat-1234","weight":100,"port":8000}]""", Backends(Plan(Given.Input() with { Share = Share(100) })));
        // A route that was divided before is whole again.
        Assert.Equal("""[{"group":"","kind":"Service","name":"chat","weight":1,"port":8000}]""", Backends(Plan(Given.Input() with { Route = Route(Divided) })));
    }

    [Fact]
    public void A_control_replica_has_a_weight_of_its_own()
    {
        var control = Share(20) with { Control = new RouteShare(Candidate() with { Metadata = new() { Name = "chat-1234-control" }, Status = new() { Endpoint = new() { Service = "chat-1234-control", Port = 8000 } } }, null, 20) };
        Assert.Equal(
            """[{"group":"","kind":"Service","name":"chat","weight":60,"port":8000},{"group":"","kind":"Service","name":"chat-1234","weight":20,"port":8000},{"group":"","kind":"Service","name":"chat-1234-control","weight":20,"port":8000}]""",
            Backends(Plan(Given.Input() with { Share = control })));
        // One that does not answer yet takes nothing from anybody.
        Assert.Equal(Divided, Backends(Plan(Given.Input() with { Share = control with { Control = control.Control! with { Candidate = Candidate() with { Status = null } } } })));
    }

    [Fact]
    public void Pools_are_divided_as_Services_are()
    {
        var divided = Plan(Given.Input() with { Engine = Given.Pooled(), Share = Share(5) with { Engine = Given.Pooled() } });
        Assert.Equal(
            """[{"group":"inference.networking.k8s.io","kind":"InferencePool","name":"chat-pool","weight":95},{"group":"inference.networking.k8s.io","kind":"InferencePool","name":"chat-1234-pool","weight":5}]""", Backends(divided));
    }

    [Fact]
    public void A_candidate_with_nowhere_to_answer_gets_nothing_whatever_its_share()
    {
        var share = Share(20);
        Assert.DoesNotContain("chat-1234", Backends(Plan(Given.Input() with { Share = share with { Candidate = share.Candidate with { Status = null } } })), StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_deployment_itself_does_not_answer_the_share_still_goes_by_what_the_rollout_says()
    {
        var silent = Given.Input(ready: false) with { Route = Route(Divided) };
        Assert.Equal("""[{"group":"","kind":"Service","name":"chat","weight":80,"port":8000}]""", Backends(Plan(silent)));
        Assert.Contains("\"weight\":50,", Backends(Plan(silent with { Share = Share(50) })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_candidate_has_no_route_of_its_own_until_it_has_the_name()
    {
        var candidate = Candidate();
        var plan = GatewayPlanner.Plan(candidate, Given.Input());
        Assert.Equal((null, GatewayPlanner.Candidate), (plan.Route, plan.Fault!.Reason));
        Assert.Contains("the share that ModelRollout r gives it", plan.Fault.Message, StringComparison.Ordinal);
        var named = candidate with { Spec = candidate.Spec with { Gateway = new GatewaySpec { ModelName = "chat" } } };
        Assert.Equal("chat", Name(GatewayPlanner.Plan(named, Given.Input())));
    }

    [Fact]
    public void Who_was_replaced_keeps_its_route_until_the_successors_own_works()
    {
        var replaced = Given.Deployment(new GatewaySpec { ModelName = "chat-replaced" });
        var candidate = Candidate();
        var successor = candidate with { Spec = candidate.Spec with { Gateway = new GatewaySpec { ModelName = "chat" } } };
        var input = Given.Input(ready: false) with { Route = Route(Divided), Successor = new Successor(successor, null) };
        var plan = GatewayPlanner.Plan(replaced, input);
        Assert.Equal(("chat", Divided, "Replaced"), (Name(plan), Backends(plan), plan.Fault!.Reason));
        var pending = Given.Route("""{"type":"Accepted","status":"True","observedGeneration":1}""", owner: "uid-new");
        Assert.NotNull(GatewayPlanner.Plan(replaced, input with { Successor = new Successor(successor, pending) }).Route);
        Assert.NotNull(GatewayPlanner.Plan(replaced, input with { Successor = new Successor(successor, Given.Route(Taken, owner: "somebody")) }).Route);
        Assert.Null(GatewayPlanner.Plan(replaced, input with { Successor = new Successor(successor, Given.Route(Taken, owner: "uid-new")) }).Route);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(100, false)]
    public void Sessions_are_asked_to_stay_while_two_sides_share_and_no_longer(int weight, bool asked)
    {
        var plan = Plan(Given.Input() with { Share = Share(weight), KnowsSessions = true });
        Assert.Equal(asked ? """{"sessionName":"Slipway-Session","type":"Header"}""" : null, Sessions(plan));
        // A session outlives a weight of 0, so that one who is turned down has to go from the route, and the field with it.
        Assert.Null(Sessions(Plan(Given.Input() with { KnowsSessions = true })));
        Assert.Null(plan.Note);
    }

    [Fact]
    public void Sessions_are_not_asked_for_where_the_definition_has_no_field_for_them_or_a_picker_chooses_pods()
    {
        Assert.Null(Sessions(Plan(Given.Input() with { Share = Share(20) })));
        Assert.Null(Sessions(Plan(Given.Input() with { Engine = Given.Pooled(), Share = Share(20) with { Engine = Given.Pooled() }, KnowsSessions = true })));
    }

    [Fact]
    public void A_gateway_that_does_not_take_a_route_with_sessions_gets_it_without_and_is_not_asked_again()
    {
        var input = Given.Input() with { Share = Share(20), KnowsSessions = true };
        var asked = Plan(input).Route!;
        Assert.NotNull(Sessions(Plan(input with { Route = There(asked, """{"type":"Accepted","status":"Unknown"}""", generation: 3) })));
        Assert.NotNull(Sessions(Plan(input with { Route = There(asked, Taken) })));
        var without = Plan(input with { Route = There(asked, """{"type":"Accepted","status":"False","reason":"UnsupportedValue","message":"sessionPersistence is not supported"}""") });
        Assert.Equal((null, Divided), (Sessions(without), Backends(without)));
        Assert.Contains("took the route only without sessionPersistence", without.Note, StringComparison.Ordinal);
        var after = Plan(input with { Route = There(without.Route!, Taken) });
        Assert.Equal((null, null), (Sessions(after), after.Fault));
        // What was noted goes with the share; another rollout asks anew.
        Assert.Null(Plan(input with { Share = null, Route = There(after.Route!, Taken) }).Route!["metadata"]!["annotations"]);
    }

    private static string? Sessions(GatewayPlan plan) => plan.Route!["spec"]!["rules"]![0]!["sessionPersistence"]?.ToJsonString();

    private static CachedObject There(JsonObject rendered, string condition, int generation = 2)
    {
        var route = rendered.DeepClone().AsObject();
        route["metadata"]!["generation"] = generation;
        route["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject { ["uid"] = "uid-chat" });
        route["status"] = JsonNode.Parse($$"""{"parents":[{"parentRef":{"name":"models","namespace":"gateways"},"conditions":[{{condition}}]}]}""");
        return Given.Object(route.ToJsonString());
    }

    private static GatewayPlan Plan(GatewayInput input) => GatewayPlanner.Plan(Given.Deployment(), input);

    private static string Backends(GatewayPlan plan) => plan.Route!["spec"]!["rules"]![0]!["backendRefs"]!.ToJsonString();

    private static string Name(GatewayPlan plan) => (string)plan.Route!["spec"]!["rules"]![0]!["matches"]![0]!["headers"]![0]!["value"]!;

    private static RouteShare Share(int weight) => new(Candidate(), null, weight);

    private static ModelDeployment Candidate()
    {
        var stable = Given.Deployment();
        return stable with
        {
            Metadata = stable.Metadata with { Name = "chat-1234", Uid = "uid-new", Labels = new Dictionary<string, string> { [ModelRollout.Label] = "r" } },
            Spec = stable.Spec with { Model = stable.Spec.Model with { ServedName = "chat" }, Gateway = new GatewaySpec { ModelName = "chat-1234" } },
            Status = new ModelDeploymentStatus { Endpoint = new EndpointStatus { Service = "chat-1234", Port = 8000 } },
        };
    }

    private static CachedObject Route(string backends) => Given.Object($$"""
        {"metadata":{"name":"chat","namespace":"team","generation":2,"ownerReferences":[{"uid":"uid-chat"}]},
         "spec":{"rules":[{"backendRefs":{{backends}} }]},
         "status":{"parents":[{"parentRef":{"name":"models","namespace":"gateways"},"conditions":[{{Taken}}]}]} }
        """);
}
