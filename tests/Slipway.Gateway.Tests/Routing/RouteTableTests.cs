using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_model_is_known_by_its_served_name_and_by_its_id()
    {
        var routes = Build([Deployment("a", "org/model")], [Engine("a", 5001)]).Routes;
        Assert.Equal("http://127.0.0.1:5001", Assert.Single(routes["model"].Backends).Address);
        Assert.Same(routes["model"], routes["org/model"]);
    }

    [Fact]
    public void The_gateways_name_for_a_model_wins_over_its_served_name()
    {
        var deployment = Deployment("a", "org/model") with
        {
            Spec = new() { Model = new() { Id = "org/model", ServedName = "served" }, Gateway = new() { ModelName = "public" } },
        };
        Assert.True(Build([deployment], [Engine("a", 5001)]).Routes.ContainsKey("public"));
        Assert.False(Build([deployment], [Engine("a", 5001)]).Routes.ContainsKey("served"));
    }

    [Fact]
    public void Of_two_deployments_of_one_name_the_older_keeps_it()
    {
        var older = Deployment("older", "org/model");
        var newer = Deployment("newer", "other/model", s_start.AddHours(1));
        var table = Build([newer, older], [Engine("older", 5001), Engine("newer", 5002)]);
        Assert.Equal("default/older", table.Routes["model"].Deployment);
        Assert.False(table.Routes.ContainsKey("other/model"), "The newer one must not be reached by a side name either: it is not routed to.");
    }

    [Fact]
    public void A_deployment_that_opted_out_or_is_going_is_not_routed_to()
    {
        var optedOut = Deployment("a", "org/a") with { Spec = new() { Model = new() { Id = "org/a" }, Gateway = new() { Enabled = false } } };
        var going = Deployment("b", "org/b") with { Metadata = new() { Name = "b", Namespace = "default", Uid = "b", DeletionTimestamp = s_start } };
        Assert.Empty(Build([optedOut, going], [Engine("a", 5001), Engine("b", 5002)]).Routes);
    }

    [Fact]
    public void Only_replicas_that_answer_take_requests()
    {
        var engine = Engine("a", 5001) with
        {
            Status = new()
            {
                Replicas =
                [
                    new() { Index = 0, Port = 5001, State = "Loading" },
                    new() { Index = 1, Port = 5002, State = "Ready" },
                    new() { Index = 2, Port = 5003, State = "Backoff" },
                ],
            },
        };
        Assert.Equal(["http://127.0.0.1:5002"], Build([Deployment("a", "org/a")], [engine]).Routes["a"].Backends.Select(b => b.Address));
    }

    [Fact]
    public void Counts_of_requests_in_flight_survive_a_new_table()
    {
        var first = Build([Deployment("a", "org/a")], [Engine("a", 5001)]);
        first.Routes["a"].Backends[0].Enter();
        var second = RouteTableBuilder.Build([Deployment("a", "org/a"), Deployment("b", "org/b")], [Engine("a", 5001), Engine("b", 5002)], first);
        Assert.Equal(1, second.Routes["a"].Backends[0].InFlight);
    }

    [Fact]
    public void The_less_busy_of_two_engines_is_picked()
    {
        var route = new Route("m", "d", [new Backend(new Uri("http://127.0.0.1:1")), new Backend(new Uri("http://127.0.0.1:2"))], "", true, s_start);
        route.Backends[0].Enter();
        for (var i = 0; i < 50; i++) Assert.Same(route.Backends[1], route.Pick(new Random(i)));
    }

    private static RouteTable Build(ModelDeployment[] deployments, LocalEngine[] engines) => RouteTableBuilder.Build(deployments, engines, RouteTable.Empty);

    private static ModelDeployment Deployment(string name, string id, DateTimeOffset? created = null) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default", Uid = name, CreationTimestamp = created ?? s_start },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = id } },
    };

    private static LocalEngine Engine(string name, int port) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default" },
        Spec = new LocalEngineSpec { Model = new LocalModel { Id = "x" }, ServedName = name },
        Status = new LocalEngineStatus { Replicas = [new LocalReplica { Index = 0, Port = port, State = "Ready" }] },
    };
}
