using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
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
        var second = RouteTableBuilder.Build([Deployment("a", "org/a"), Deployment("b", "org/b")], [Engine("a", 5001), Engine("b", 5002)], [], first);
        Assert.Equal(1, second.Routes["a"].Backends[0].InFlight);
    }

    [Theory]
    [InlineData(RolloutPhase.Progressing, 20, true)]
    [InlineData(RolloutPhase.Paused, 20, true)]
    [InlineData(RolloutPhase.Promoting, 100, true)]
    [InlineData(RolloutPhase.Progressing, 0, false)]
    [InlineData(RolloutPhase.RollingBack, 20, false)]
    [InlineData(RolloutPhase.Promoted, 100, false)]
    public void A_rollout_sends_its_share_to_the_candidate_by_every_name_of_the_model(RolloutPhase phase, int weight, bool splits)
    {
        var rollout = new ModelRollout
        {
            Metadata = new ObjectMeta { Name = "r", Namespace = "default" },
            Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "a" }, Candidate = default, Steps = [] },
            Status = new ModelRolloutStatus { Phase = phase, CandidateName = "b", CandidateWeight = weight },
        };
        var table = RouteTableBuilder.Build([Deployment("a", "org/a"), Deployment("b", "org/b")], [Engine("a", 5001), Engine("b", 5002)], [rollout], RouteTable.Empty);
        Assert.Equal(splits ? $"default/b {weight}" : null, table.Routes["a"].Split is { } split ? $"{split.Candidate.Deployment} {split.Weight}" : null);
        Assert.Equal(table.Routes["a"].Split, table.Routes["org/a"].Split);
        Assert.Null(table.Routes["b"].Split);
        Assert.Equal(["http://127.0.0.1:5002"], table.Deployments["default/b"].Backends.Select(static b => b.Address));
        if (splits) Assert.Same(table.Deployments["default/b"].Traffic, table.Routes["a"].Split!.Candidate.Traffic);
    }

    [Fact]
    public void A_session_stays_where_it_is_while_the_weight_grows_and_shares_come_out_as_said()
    {
        var candidate = new Route("m", "c", [], "", true, s_start);
        var sessions = Enumerable.Range(0, 5000).Select(static i => $"session {i}").ToList();
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var weight in (int[])[5, 25, 50, 100])
        {
            var split = new Split(candidate, weight);
            var now = sessions.Where(s => split.To(s, new Random(1)) == candidate).ToHashSet(StringComparer.Ordinal);
            Assert.Subset(now, before);
            Assert.InRange(now.Count / 50.0, weight - 2.5, weight + 2.5);
            before = now;
        }

        var random = new Random(1);
        Assert.InRange(Enumerable.Range(0, 5000).Count(_ => new Split(candidate, 25).To(null, random) == candidate), 1125, 1375);
    }

    [Fact]
    public void A_control_replica_answers_as_many_and_takes_no_session_from_the_candidate()
    {
        var (candidate, control) = (new Route("m", "c", [], "", true, s_start), new Route("m", "c-control", [], "", true, s_start));
        Split Of(int weight) => new(candidate, weight) { Control = control, ControlWeight = Math.Min(weight, 100 - weight) };
        var sessions = Enumerable.Range(0, 5000).Select(static i => $"session {i}").ToList();
        Route?[] ten = [.. sessions.Select(s => Of(10).To(s, new Random(1)))], forty = [.. sessions.Select(s => Of(40).To(s, new Random(1)))];
        Assert.InRange(ten.Count(r => r == control) / 50.0, 8, 12);
        Assert.InRange(forty.Count(r => r == control) / 50.0, 37.5, 42.5);
        // Whoever had one of them keeps it.
        Assert.DoesNotContain(ten.Zip(forty), static p => p.First is not null && p.First != p.Second);
        Assert.Equal(0, sessions.Count(s => Of(100).To(s, new Random(1)) != candidate));
    }

    [Fact]
    public void The_control_replica_of_a_rollout_has_its_share_until_the_candidate_has_all()
    {
        ModelRollout Rollout(RolloutPhase phase) => new()
        {
            Metadata = new() { Name = "r", Namespace = "default" },
            Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "a" }, Candidate = default, Steps = [] },
            Status = new ModelRolloutStatus { Phase = phase, CandidateName = "b", CandidateWeight = 30, Capacity = new CapacityStatus { ControlName = "c" } },
        };
        RouteTable Table(RolloutPhase phase) => RouteTableBuilder.Build([Deployment("a", "org/a"), Deployment("b", "org/b"), Deployment("c", "org/a")], [Engine("a", 5001), Engine("b", 5002), Engine("c", 5003)], [Rollout(phase)], RouteTable.Empty);
        var split = Table(RolloutPhase.Progressing).Routes["a"].Split!;
        Assert.Equal(("default/c", 30, 30), (split.Control!.Deployment, split.ControlWeight, split.Weight));
        Assert.Equal((null, 0), (Table(RolloutPhase.Promoting).Routes["a"].Split!.Control, Table(RolloutPhase.Promoting).Routes["a"].Split!.ControlWeight));
    }

    [Fact]
    public void An_engine_that_goes_is_known_until_its_last_request_is_through()
    {
        var first = Build([Deployment("a", "org/a")], [Engine("a", 5001)]);
        var going = first.Routes["a"].Backends[0];
        going.Enter();
        going.Prefixes.Remember([1]);
        RouteTable Next(RouteTable previous, params LocalEngine[] engines) => RouteTableBuilder.Build([Deployment("a", "org/a")], engines, [], previous);
        var gone = Next(first);
        Assert.Equal([going], gone.Draining);
        Assert.Empty(gone.Routes["a"].Backends);
        Assert.Equal(0, going.Prefixes.Known([1]));
        Assert.Same(going, Next(gone, Engine("a", 5001)).Routes["a"].Backends[0]);
        going.Leave();
        Assert.Empty(Next(gone).Draining);
    }

    private static RouteTable Build(ModelDeployment[] deployments, LocalEngine[] engines) => RouteTableBuilder.Build(deployments, engines, [], RouteTable.Empty);

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
