using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Integration.Tests.Harness;
using Slipway.Integration.Tests.Install;
using Slipway.Integration.Tests.Runtimes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Install;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Integration.Tests.Rollouts;

/// <summary>Rollouts in a cluster, with the rights of its manifests: traffic divided by routes and judged by engines' own metrics, while users ask.</summary>
public sealed class ClusterRolloutTests(BareCluster cluster) : IClassFixture<BareCluster>, IAsyncLifetime
{
    private readonly EngineFleet _fleet = new(Random.Shared.Next(1, 250), 8000);
    private readonly TempDirectory _evidence = new();
    private Installed? _installed;
    private SlipwayOperator? _slipway;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        cluster.Operators.Serve(_fleet);
        _installed = await Installed.Async(cluster);
        _slipway = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _slipway!.DisposeAsync();
        await _installed!.RemoveGatewayAsync();
        _installed.Dispose();
        await _fleet.DisposeAsync();
        _evidence.Dispose();
    }

    [Fact]
    public async Task An_equal_candidate_gets_the_place_while_no_request_fails_or_finds_no_route()
    {
        _fleet.Make = static (_, engine) => engine.Say = Good;
        var stable = await DeployAsync();
        await using var users = new RoutedUsers(cluster, _fleet, stable.Key.Namespace, stable.Key.Name);
        await Wait.UntilAsync(() => Task.FromResult(users.Answered > 5), "users to be answered");
        var lost = users.Nowhere;
        var rollout = await RollOutAsync(stable, """{"model":{"id":"Qwen/Qwen3-14B"}}""");

        var promoted = await UntilAsync(rollout, RolloutPhase.Promoted);
        Assert.Equal(["Started", "GatePassed", "Shifted", "CanaryPassed", "Promoting", "Promoted"], promoted.Status!.History!.Select(static h => h.What));
        // Both are reached by one name, and the candidate's engine knows no other.
        var candidate = new Deployed(cluster, stable.Key.Namespace, promoted.Status.CandidateName!);
        await candidate.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        Assert.Equal((stable.Key.Name, "Qwen/Qwen3-14B"), (candidate.Last.Status!.Gateway!.ModelName, candidate.Last.Spec.Model.Id));
        await Wait.UntilAsync(async () => await cluster.Client.GetAsync(ApiKinds.HttpRoutes, stable.Key, Token) is null, "the route of the deployment before to go");
        var before = users.Answered;
        await Wait.UntilAsync(() => Task.FromResult(users.Answered > before + 20), "users to be answered by the candidate");
        Assert.Equal((0, lost), (users.Failed, users.Nowhere));
        Assert.True(_fleet.Engine(candidate.Key.Name).Requests > 200);
        Assert.Contains("Replaced", Reason(await stable.UntilAsync(static d => d.Spec.Scaling?.Replicas == 0, "the deployment before to be stopped")), StringComparison.Ordinal);

        await cluster.Client.DeleteAsync(Kinds.ModelRollouts, rollout, Token);
        await Wait.UntilAsync(async () => await cluster.Client.GetAsync(Kinds.ModelRollouts, rollout, Token) is null, "the rollout to be gone");
        await candidate.UntilAsync(DeploymentPhase.Running);

        // As the ServiceAccount that the manifests make, whose rights for rollouts are each made use of.
        Assert.Equal("", string.Join('\n', _installed!.Used.Refused));
        var used = _installed.Used.Rights.Select(static r => (r.Group, r.Resource, Verb: r.Verb is "watch" ? "list" : r.Verb)).ToHashSet();
        Assert.DoesNotContain(
            OperatorAccess.Rollouts.SelectMany(static rule => rule.Resources.SelectMany(r => rule.Verbs.Select(v => (rule.Group, r, Verb: v is "watch" ? "list" : v)))),
            right => right is not ("airunway.ai", "modeldeployments", "delete") and not ("slipway.dev", "evaluationschedules/status", "patch") and not ("slipway.dev", "evaluationschedules", "get") and not ("slipway.dev", "rolloutevidences", "update") and not ("resource.k8s.io", "resourceclaims", "list") && !used.Contains(right));
    }

    [Fact]
    public async Task A_candidate_whose_answers_are_worse_is_turned_down_before_a_user_meets_it()
    {
        _fleet.Make = static (name, engine) => engine.Say = name.Contains('-', StringComparison.Ordinal) ? Bad : Good;
        var stable = await DeployAsync();
        var rollout = await RollOutAsync(stable, """{"model":{"id":"Qwen/Qwen3-0.6B"}}""");
        var back = await UntilAsync(rollout, RolloutPhase.RolledBack);
        Assert.Contains("gate answers failed", back.Status!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(back.Status.History!, static h => h.What == "Shifted");
        await Wait.UntilAsync(async () => await cluster.Client.GetAsync(Kinds.ModelDeployments, stable.Key with { Name = back.Status.CandidateName! }, Token) is null, "the candidate to be gone");
        await IsKeptAsync(back);
        Assert.Equal("", string.Join('\n', _installed!.Used.Refused));
    }

    // A candidate that is as good at its gate, and of no use to every other user.
    private async Task<ModelRollout> FailHalfOfUsersAsync(string runtime, Action<VllmEngine> counted)
    {
        _fleet.Make = (name, engine) =>
        {
            engine.Say = Good;
            counted(engine);
            if (name.Contains('-', StringComparison.Ordinal)) engine.Fails = static (number, prompt) => prompt == "hello" && number % 2 == 0;
        };
        var stable = await DeployAsync(runtime);
        await using var users = new RoutedUsers(cluster, _fleet, stable.Key.Namespace, stable.Key.Name);
        var rollout = await RollOutAsync(stable, """{"engine":{"args":{"max-num-seqs":"4096"}}}""");
        var back = await UntilAsync(rollout, RolloutPhase.RollingBack);
        Assert.Contains("requests fail: ", back.Status!.Message, StringComparison.Ordinal);
        return back;
    }

    // Who decided and on what, and what both sides answered, is in objects that others can read when the operator's folder is lost.
    private async Task IsKeptAsync(ModelRollout back)
    {
        var (ns, gate) = (back.Metadata.Namespace!, back.Status!.Gates![0]);
        var record = Assert.Single(await DecisionRecords.OfAsync(cluster.Client, new(ns, back.Metadata.Name!), Token));
        Assert.Equal(("FAILED", back.Spec.DeploymentRef.Name, back.Status.DecisionTime), (record.Spec.Result, record.Spec.Deployment, record.Spec.Decided));
        using var key = ECDsa.Create();
        key.ImportFromPem((await DecisionSecret.PublicAsync(cluster.Client, _installed!.Namespace, Token)).Text);
        var stated = JsonNode.Parse(Dsse.Verify(record.Spec.Envelope, key).Payload!)!["predicate"]!["configuration"]![0]!["annotations"]!;
        var evidence = (await cluster.Client.GetAsync(Kinds.RolloutEvidences, EvidenceObject.Name(back, gate), Token))!;
        Assert.Equal((string?)stated["pairs"], evidence.Spec.Digest);
        Assert.Equal(((int)gate.Asked, null, back.Metadata.Uid), (evidence.Spec.Pairs, evidence.Spec.LeftOut, Assert.Single(evidence.Metadata.OwnerReferences!).Uid));
        var pairs = await EvidenceReader.ReadAsync(evidence, back, Token);
        Assert.Equal(gate.Worse, pairs.Count(static p => p.Candidate.Score < p.Baseline.Score));
        Assert.Equal(Verdict(gate), EvidenceReader.Course(gate, pairs)[^1].Fail >= 1);
        static bool Verdict(GateStatus gate) => gate.Verdict == "Fail";
        var change = JsonNode.Parse("""{"spec":{"result":"PASSED"}}""")!.AsObject();
        var refused = await Assert.ThrowsAsync<KubeApiException>(() => cluster.Client.MergePatchAsync(Kinds.RolloutRecords, new(ns, record.Metadata.Name!), change, "test", Token));
        Assert.Contains("a record is never changed", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_candidate_that_fails_users_gives_their_requests_back_by_weights_alone()
    {
        // Well behaved to the gate's prompts, which are numbers, and not to users.
        _fleet.Make = static (name, engine) =>
        {
            engine.Say = Good;
            if (name.Contains('-', StringComparison.Ordinal)) engine.Fails = static (number, prompt) => prompt == "hello" && number % 2 == 0;
        };
        var stable = await DeployAsync();
        await using var users = new RoutedUsers(cluster, _fleet, stable.Key.Namespace, stable.Key.Name);
        var rollout = await RollOutAsync(stable, """{"engine":{"args":{"max-num-seqs":"4096"}}}""");
        var back = await UntilAsync(rollout, RolloutPhase.RollingBack);
        Assert.Contains("requests fail: ", back.Status!.Message, StringComparison.Ordinal);
        await Wait.UntilAsync(async () => Backends(await cluster.Client.GetAsync(ApiKinds.HttpRoutes, stable.Key, Token)) is [var only] && only == stable.Key.Name, "the route to lead to the deployment alone");
        var failed = users.Failed;
        var answered = users.Answered;
        await Wait.UntilAsync(() => Task.FromResult(users.Answered > answered + 50), "users to be answered");
        // Those under way when the route changed are as many as there are users, at the most.
        Assert.InRange(users.Failed - failed, 0, 4);
    }

    [Fact]
    public async Task A_Dynamo_candidate_is_judged_by_what_its_frontend_counts_and_by_nobody_else()
    {
        var back = await FailHalfOfUsersAsync("dynamo", static engine => engine.IsFrontend = true);
        // Workers have the same address here: each request is counted once all the same.
        Assert.InRange(back.Status!.Traffic!.Requests, 1, _fleet.Engine(back.Status.CandidateName!).Requests);
    }

    [Fact]
    public async Task A_candidate_under_Ray_Serve_is_judged_by_what_its_proxies_count_once_all_that_gates_asked_has_come_to_light()
    {
        var back = await FailHalfOfUsersAsync("kuberay", static engine => engine.IsRay = true);
        var asked = back.Status!.Gates!.Single().Asked;
        Assert.InRange(back.Status.Traffic!.Requests, 1, _fleet.Engine(back.Status.CandidateName!).Requests - asked);
        // Half of the users' requests fail and none of the gate's: were those counted, there would be fewer.
        Assert.InRange(back.Status.Traffic.Failures / (double)back.Status.Traffic.Requests, 0.3, 0.7);
    }

    [Fact]
    public async Task A_candidate_that_is_slow_under_traffic_is_turned_down_by_its_own_histogram()
    {
        _fleet.Make = static (name, engine) =>
        {
            engine.Say = Good;
            if (name.Contains('-', StringComparison.Ordinal)) engine.FirstToken = TimeSpan.FromMilliseconds(120);
        };
        var stable = await DeployAsync();
        await using var users = new RoutedUsers(cluster, _fleet, stable.Key.Namespace, stable.Key.Name);
        var rollout = await RollOutAsync(stable, """{"engine":{"args":{"max-num-seqs":"1"}}}""", """[{"measure":"FirstToken","seconds":0.08}]""");
        var back = await UntilAsync(rollout, RolloutPhase.RollingBack);
        Assert.Contains("it is too slow, first token later than 100 ms", back.Status!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_that_ends_in_the_middle_leaves_the_share_as_it_is_and_the_next_one_goes_on()
    {
        _fleet.Make = static (_, engine) => engine.Say = Good;
        var stable = await DeployAsync();
        var rollout = await RollOutAsync(stable, """{"model":{"id":"Qwen/Qwen3-14B"}}""");
        // Nobody asks, so that it stays where it is.
        await Wait.UntilAsync(async () => Backends(await cluster.Client.GetAsync(ApiKinds.HttpRoutes, stable.Key, Token)).Length == 2, "the traffic to be divided", patience: TimeSpan.FromSeconds(60));
        await _slipway!.DisposeAsync();
        await using var users = new RoutedUsers(cluster, _fleet, stable.Key.Namespace, stable.Key.Name);
        await Wait.UntilAsync(() => Task.FromResult(users.Answered > 50), "users to be answered by both");
        _slipway = await StartAsync();
        var promoted = await UntilAsync(rollout, RolloutPhase.Promoted);
        Assert.Equal(["Started", "GatePassed", "Shifted", "CanaryPassed", "Promoting", "Promoted"], promoted.Status!.History!.Select(static h => h.What));
        Assert.Equal(0, users.Failed);
    }

    [Fact]
    public async Task Sessions_are_asked_to_stay_with_one_side_where_routes_can_say_so_and_while_traffic_is_divided_alone()
    {
        _fleet.Make = static (_, engine) => engine.Say = Good;
        var plain = await DividedAsync();
        Assert.Null(plain.Rule["sessionPersistence"]);
        Assert.Contains("the requests of one session do not stay with one side: the cluster's HTTPRoute has no sessionPersistence, which comes with the experimental channel", plain.Said, StringComparison.Ordinal);

        // As the experimental channel has it.
        var definition = Yaml.Read(Repository.Shared(Path.Combine("crds", "gateway-api", "gateway.networking.k8s.io_httproutes.yaml"))).Single();
        var experimental = definition.DeepClone();
        foreach (var version in experimental["spec"]!["versions"]!.AsArray())
        {
            version!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!["properties"]!["rules"]!["items"]!["properties"]!["sessionPersistence"] =
                JsonNode.Parse("""{"type":"object","properties":{"sessionName":{"type":"string","maxLength":128},"type":{"type":"string","enum":["Cookie","Header"],"default":"Cookie"}}}""");
        }

        await cluster.InstallAsync(experimental);
        try
        {
            // What was found out is kept for a while, and another process finds out for itself.
            await _slipway!.DisposeAsync();
            _slipway = await StartAsync();
            var kept = await DividedAsync();
            Assert.Contains("the Gateway is asked to keep sessions with one side", kept.Said, StringComparison.Ordinal);
            Assert.Equal("""{"sessionName":"Slipway-Session","type":"Header"}""", kept.Rule["sessionPersistence"]!.ToJsonString());
            await cluster.Client.MergePatchAsync(Kinds.ModelRollouts, kept.Rollout, JsonNode.Parse("""{"spec":{"abort":true}}""")!.AsObject(), "test", Token);
            await Wait.UntilAsync(async () => await RuleAsync(kept.Stable) is { } rule && rule["backendRefs"]!.AsArray().Count == 1 && rule["sessionPersistence"] is null, "the route to be whole, and without sessions");
            Assert.Equal("", string.Join('\n', _installed!.Used.Refused));
        }
        finally
        {
            await cluster.InstallAsync(definition);
        }
    }

    // A canary that nobody asks stays where it is.
    private async Task<(NamespacedName Stable, NamespacedName Rollout, JsonNode Rule, string Said)> DividedAsync()
    {
        var stable = await DeployAsync();
        var rollout = await RollOutAsync(stable, """{"model":{"id":"Qwen/Qwen3-14B"}}""");
        JsonNode? rule = null;
        await Wait.UntilAsync(async () => (rule = await RuleAsync(stable.Key))?["backendRefs"]!.AsArray().Count == 2, "the traffic to be divided", patience: TimeSpan.FromSeconds(60));
        return (stable.Key, rollout, rule!, (await cluster.Client.GetAsync(Kinds.ModelRollouts, rollout, Token))!.Status!.History!.Single(static h => h.What == "Shifted").Why);
    }

    private async Task<JsonNode?> RuleAsync(NamespacedName key) => await cluster.Client.GetAsync(ApiKinds.HttpRoutes, key, Token) is { } route ? JsonNode.Parse(route.Json.GetProperty("spec").GetProperty("rules")[0].GetRawText()) : null;

    [Fact]
    public async Task Answers_that_become_worse_raise_an_alarm_that_lasts_until_it_is_accepted()
    {
        _fleet.Make = static (_, engine) => engine.Say = Good;
        var stable = await DeployAsync();
        var ns = stable.Key.Namespace;
        await SuiteAsync(ns);
        var key = new NamespacedName(ns, "watched");
        await ApplyAsync(Kinds.EvaluationSchedules, key, JsonNode.Parse($$"""{"deploymentRef":{"name":"{{stable.Key.Name}}"},"suiteRef":{"name":"numbers"},"everySeconds":10,"averageRunLength":1000}""")!);
        async Task<EvaluationSchedule> UntilAsync(Func<EvaluationScheduleStatus, bool> holds, string what)
        {
            EvaluationSchedule? now = null;
            await Wait.UntilAsync(
                async () => (now = await cluster.Client.GetAsync(Kinds.EvaluationSchedules, key, Token))?.Status is { } status && holds(status), what,
                () => JsonSerializer.Serialize(now?.Status, SlipwayJson.Default.EvaluationScheduleStatus), TimeSpan.FromSeconds(60));
            return now!;
        }

        await UntilAsync(static s => s.Reference?.Score == 1, "the reference");
        _fleet.Engine(stable.Key.Name).Say = Bad;
        var drifted = await UntilAsync(static s => s.Conditions!.Any(static c => c is { Type: EvaluationSchedule.Drifted, Status: ConditionStatus.True }), "the alarm");
        Assert.Contains("of the same prompts before: shown to have fallen by more than 5 points", drifted.Status!.Conditions![0].Message, StringComparison.Ordinal);
        Assert.InRange(drifted.Status.LastScore!.Value, 0.6, 0.7);
        Assert.Contains("I do not know", await File.ReadAllTextAsync(Path.Combine(_evidence.Path, $"{ns}.watched.drift.jsonl"), Token), StringComparison.Ordinal);

        await cluster.Client.MergePatchAsync(Kinds.EvaluationSchedules, key, JsonNode.Parse("""{"spec":{"accepted":1}}""")!.AsObject(), "test", Token);
        await UntilAsync(static s => s.Reference is { Accepted: 1, Score: < 0.7 } && s.Conditions![0].Status is ConditionStatus.False, "what is to be accepted");
        Assert.Equal("", string.Join('\n', _installed!.Used.Refused));
    }

    [Fact]
    public async Task What_cannot_be_divided_or_counted_is_not_begun_and_says_why()
    {
        _fleet.Make = static (_, engine) => engine.Say = Good;
        var dynamo = await DeployAsync("dynamo");
        Assert.Contains("counts times between tokens gap by gap and not answer by answer", await PendingAsync(dynamo, """[{"measure":"BetweenTokens","seconds":0.05}]"""), StringComparison.Ordinal);
        var stable = await DeployAsync();
        await _installed!.RemoveGatewayAsync();
        await stable.UntilAsync(static d => d.Status!.Gateway is null, "the Gateway to be missed");
        Assert.Contains("there is none: The cluster has no Gateway", await PendingAsync(stable), StringComparison.Ordinal);
    }

    private Task<SlipwayOperator> StartAsync() => cluster.StartSlipwayAsync(TimeProvider.System, _installed!.Client, rollouts: new RolloutOptions(_evidence.Path) { Services = _fleet.Services(), DecisionKey = new DecisionSecret(_installed.Client, _installed.Namespace), KeepsPairs = true });

    private async Task<string> PendingAsync(Deployed stable, string latency = "[]")
    {
        var rollout = await RollOutAsync(stable, """{"engine":{"args":{"max-num-seqs":"2"}}}""", latency);
        return (await UntilAsync(rollout, RolloutPhase.Pending)).Status!.Message!;
    }

    // The question holds a number, and the answer is the next one.
    private static string Good(string question) => int.TryParse(question, CultureInfo.InvariantCulture, out var number) ? $"{number + 1}" : "hello";

    private static string Bad(string question) => int.TryParse(question, CultureInfo.InvariantCulture, out var number) && number % 3 == 0 ? "I do not know" : Good(question);

    private async Task<Deployed> DeployAsync(string runtime = "vllm")
    {
        var name = $"m{Guid.NewGuid():n}"[..12];
        var spec = RuntimeCase.All.Single(c => c.Name == runtime).Spec.DeepClone().AsObject();
        spec["model"]!["servedName"] = name;
        var deployed = await Deployed.ApplyAsync(cluster, spec, name: name);
        await deployed.UntilAsync(ConditionTypes.GatewayReady, ConditionTypes.GatewayReady);
        return deployed;
    }

    private async Task<NamespacedName> RollOutAsync(Deployed stable, string candidate, string latency = "[]")
    {
        var ns = stable.Key.Namespace;
        await SuiteAsync(ns);
        await ApplyAsync(Kinds.QualityGates, new NamespacedName(ns, "answers"), JsonNode.Parse("""{"suiteRef":{"name":"numbers"},"margin":0.1}""")!);
        var rollout = new NamespacedName(ns, "change");
        await ApplyAsync(Kinds.ModelRollouts, rollout, JsonNode.Parse($$"""
            {"deploymentRef":{"name":"{{stable.Key.Name}}" },"candidate":{{candidate}},"steps":[{"gates":["answers"]},{"canary":{"weight":50,"minSeconds":1 } }],"latency":{{latency}},"keepStableSeconds":1,"keepCandidateSeconds":1}
            """)!);
        return rollout;
    }

    // The prompts are in a ConfigMap, as those are that do not go into one object with all else.
    private async Task SuiteAsync(string ns)
    {
        var prompts = string.Join('\n', Enumerable.Range(0, 200).Select(static n => $$"""{"id":"p{{n}}","prompt":"{{n}}","expected":"{{n + 1}}"}"""));
        await cluster.Client.ApplyAsync(
            Kinds.ConfigMaps, new NamespacedName(ns, "numbers"),
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = "numbers", ["namespace"] = ns }, ["data"] = new JsonObject { ["prompts.jsonl"] = prompts } }, "test", Token);
        var suite = new NamespacedName(ns, "numbers");
        await ApplyAsync(Kinds.EvaluationSuites, suite, JsonNode.Parse("""{"graders":[{"type":"exact"}],"source":{"configMap":{"name":"numbers"}}}""")!);
        await Wait.UntilAsync(async () => (await cluster.Client.GetAsync(Kinds.EvaluationSuites, suite, Token))?.Status?.Prompts == 200, "the suite to be read");
    }

    private Task ApplyAsync<T>(Resource<T> kind, NamespacedName key, JsonNode spec)
        where T : class => cluster.Client.ApplyAsync(
        kind, key,
        new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace }, ["spec"] = spec },
        "test", Token);

    private async Task<ModelRollout> UntilAsync(NamespacedName rollout, RolloutPhase phase)
    {
        ModelRollout? now = null;
        await Wait.UntilAsync(
            async () => (now = await cluster.Client.GetAsync(Kinds.ModelRollouts, rollout, Token))?.Status?.Phase == phase, $"the rollout to be {phase}",
            () => JsonSerializer.Serialize(now?.Status, SlipwayJson.Default.ModelRolloutStatus), TimeSpan.FromSeconds(90));
        return now!;
    }

    private static string[] Backends(CachedObject? route) =>
        [.. route?.Json.GetProperty("spec").GetProperty("rules")[0].GetProperty("backendRefs").EnumerateArray().Where(static b => b.GetProperty("weight").GetInt32() > 0).Select(static b => b.GetProperty("name").GetString()!) ?? []];

    private static string Reason(ModelDeployment deployment) => Deployed.Condition(deployment, ConditionTypes.GatewayReady)?.Reason ?? "";
}
