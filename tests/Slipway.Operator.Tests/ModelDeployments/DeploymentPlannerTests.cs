using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Local;

namespace Slipway.Operator.Tests.ModelDeployments;

public sealed class DeploymentPlannerTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DeploymentPlanner _planner = new([new LocalRuntime()], new Uri("http://127.0.0.1:8080/"));

    [Fact]
    public void A_new_deployment_is_rendered_with_itself_as_the_owner()
    {
        var plan = Plan(Deployment());
        Assert.Equal(DeploymentPhase.Deploying, plan.Status.Phase);
        Assert.Equal("org/model", (string?)Applied(plan)["spec"]!["model"]!["id"]);
        Assert.Equal("uid-a", (string?)Applied(plan)["metadata"]!["ownerReferences"]![0]!["uid"]);
        Assert.Equal(("local", "LocalEngine", "a"), (plan.Status.Provider!.Name, plan.Status.Provider.ResourceKind, plan.Status.Provider.ResourceName));
        Assert.Equal(ConditionStatus.False, Condition(plan, ConditionTypes.Ready).Status);
    }

    [Fact]
    public void A_model_that_answers_is_Ready_and_reached_through_the_gateway()
    {
        var plan = Plan(Deployment(), Engine(Replica("Ready", 5001)));
        Assert.Equal(DeploymentPhase.Running, plan.Status.Phase);
        Assert.Equal(ConditionStatus.True, Condition(plan, ConditionTypes.Ready).Status);
        Assert.Equal((1, 1), (plan.Status.Replicas!.Ready, plan.Status.Replicas.Desired));
        Assert.Equal(5001, plan.Status.Endpoint!.Port);
        Assert.Equal(("http://127.0.0.1:8080/v1", "model"), (plan.Status.Gateway!.Endpoint, plan.Status.Gateway.ModelName));
    }

    [Fact]
    public void An_engine_that_died_makes_Ready_false_with_the_reason()
    {
        var engine = Engine(Replica("Backoff", null) with { Message = "llama-server was killed (signal 9)" });
        var plan = Plan(Deployment(), engine);
        var ready = Condition(plan, ConditionTypes.Ready);
        Assert.Equal((ConditionStatus.False, "EngineCrashed", "llama-server was killed (signal 9)"), (ready.Status, ready.Reason, ready.Message));
        Assert.Null(plan.Status.Endpoint);
    }

    [Fact]
    public void A_status_of_an_earlier_generation_does_not_make_Ready()
    {
        var engine = Engine(Replica("Ready", 5001)) with { Metadata = Meta("a") with { Generation = 2 } };
        Assert.Equal(ConditionStatus.False, Condition(Plan(Deployment(), engine), ConditionTypes.Ready).Status);
    }

    [Fact]
    public void A_manifest_that_makes_no_sense_fails_with_all_that_is_wrong()
    {
        var plan = Plan(Deployment(spec => spec with { Model = new() { Id = "no/such/id" }, Engine = new() { ContextLength = 0 } }));
        Assert.Empty(plan.Changes);
        Assert.Equal(DeploymentPhase.Failed, plan.Status.Phase);
        Assert.Contains("spec.model.id", Condition(plan, ConditionTypes.Validated).Message, StringComparison.Ordinal);
        Assert.Contains("spec.engine.contextLength", Condition(plan, ConditionTypes.Validated).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_changes_what_the_model_is_stops_the_deployment_and_is_named()
    {
        var plan = Plan(Deployment(spec => spec with { Image = "example/model:1" }));
        Assert.Empty(plan.Changes);
        Assert.Equal("FieldNotSupported", Condition(plan, ConditionTypes.ProviderCompatible).Reason);
        Assert.Contains("spec.image", Condition(plan, ConditionTypes.Ready).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_only_says_where_is_named_and_the_deployment_goes_on()
    {
        var plan = Plan(Deployment(spec => spec with { NodeSelector = new Dictionary<string, string> { ["gpu"] = "a" } }));
        Assert.NotEmpty(plan.Changes);
        Assert.Contains("spec.nodeSelector", Condition(plan, ConditionTypes.ProviderCompatible).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_of_somebody_elses_is_not_taken_over()
    {
        var foreign = Engine(Replica("Ready", 5001)) with { Metadata = Meta("a") with { OwnerReferences = null } };
        var plan = Plan(Deployment(), foreign);
        Assert.Empty(plan.Changes);
        Assert.Equal("ResourceConflict", Condition(plan, ConditionTypes.ResourceCreated).Reason);
    }

    [Fact]
    public void A_runtime_of_somebody_elses_is_chosen_and_left_to_its_own_controller()
    {
        var kaito = new InferenceProviderConfig
        {
            Metadata = new ObjectMeta { Name = "kaito" },
            Spec = new() { SelectionRules = [new() { Condition = "true" }], Capabilities = new() { Engines = [new EngineCapability { Name = EngineType.Vllm, GpuSupport = true }] } },
            Status = new() { Ready = true },
        };
        var deployment = Deployment(spec => spec with { Resources = new() { Gpu = new() { Count = 1 } } }) with
        {
            Status = new() { Phase = DeploymentPhase.Running, Message = "said by kaito's controller", Replicas = new() { Ready = 3 } },
        };
        var plan = _planner.Plan(deployment, new PlanInput([kaito], s_now));
        Assert.Empty(plan.Changes);
        Assert.Equal("kaito", plan.Status.Provider!.Name);
        Assert.Equal((DeploymentPhase.Running, "said by kaito's controller", 3), (plan.Status.Phase, plan.Status.Message, plan.Status.Replicas!.Ready));
    }

    [Fact]
    public void A_model_name_that_is_taken_is_told()
    {
        var plan = _planner.Plan(Deployment(), Input(Engine(Replica("Ready", 5001))) with { NameTakenBy = "default/older" });
        Assert.Equal("ModelNameTaken", Condition(plan, ConditionTypes.GatewayReady).Reason);
        Assert.Null(plan.Status.Gateway);
    }

    [Fact]
    public void Transition_times_move_only_when_the_status_does()
    {
        var first = Plan(Deployment(), Engine(Replica("Loading", 5001)));
        var later = _planner.Plan(Deployment() with { Status = first.Status }, Input(Engine(Replica("Ready", 5001)), s_now.AddMinutes(5)));
        Assert.Equal(s_now, Condition(later, ConditionTypes.Validated).LastTransitionTime);
        Assert.Equal(s_now.AddMinutes(5), Condition(later, ConditionTypes.Ready).LastTransitionTime);
    }

    [Fact]
    public void Nothing_new_is_nothing_to_tell()
    {
        var plan = Plan(Deployment(), Engine(Replica("Ready", 5001)));
        Assert.Empty(plan.News(plan.Status));
        Assert.Contains(plan.News(null), n => n.Reason == "Serving");
    }

    [Fact]
    public void What_is_wrong_is_told_once_however_many_conditions_it_fails()
    {
        var plan = Plan(Deployment(spec => spec with { Image = "example/model:1" }));
        Assert.Equal(["ProviderSelected", "FieldNotSupported"], plan.News(null).Select(n => n.Reason));
    }

    [Fact]
    public void Zero_replicas_stop_the_model_and_keep_the_deployment()
    {
        var stopped = Engine() with { Spec = new() { Model = new() { Id = "org/model" }, ServedName = "model", Replicas = 0 } };
        var plan = Plan(Deployment(spec => spec with { Scaling = new() { Replicas = 0 } }), stopped);
        Assert.Equal(0, (int)Applied(plan)["spec"]!["replicas"]!);
        Assert.Equal("ScaledToZero", Condition(plan, ConditionTypes.Ready).Reason);
    }

    private DeploymentPlan Plan(ModelDeployment deployment, LocalEngine? engine = null) => _planner.Plan(deployment, Input(engine));

    private static PlanInput Input(LocalEngine? engine, DateTimeOffset? now = null) => new([Provider()], now ?? s_now)
    {
        Apis = new ClusterApis(ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("localengines.slipway.dev", ["v1alpha1"])),
        Objects = engine is null
            ? ImmutableDictionary<ObjectId, CachedObject>.Empty
            : ImmutableDictionary<ObjectId, CachedObject>.Empty.Add(new ObjectId("LocalEngine", "a"), new CachedObject(JsonSerializer.SerializeToElement(engine, SlipwayJson.Default.LocalEngine))),
    };

    private static JsonObject Applied(DeploymentPlan plan) => Assert.IsType<ApplyObject>(Assert.Single(plan.Changes)).Object;

    private static Condition Condition(DeploymentPlan plan, string type) => plan.Status.Conditions!.Single(c => c.Type == type);

    private static InferenceProviderConfig Provider() => new()
    {
        Metadata = new ObjectMeta { Name = "local" },
        Spec = new LocalRuntime().Descriptor.Spec,
        Status = new InferenceProviderStatus { Ready = true },
    };

    private static ModelDeployment Deployment(Func<ModelDeploymentSpec, ModelDeploymentSpec>? change = null)
    {
        var spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/model" } };
        return new ModelDeployment { Metadata = Meta("a") with { OwnerReferences = null }, Spec = change?.Invoke(spec) ?? spec };
    }

    private static ObjectMeta Meta(string name) => new()
    {
        Name = name,
        Namespace = "default",
        Uid = $"uid-{name}",
        Generation = 1,
        OwnerReferences = [new OwnerReference { ApiVersion = "airunway.ai/v1alpha1", Kind = "ModelDeployment", Name = name, Uid = $"uid-{name}" }],
    };

    private static LocalEngine Engine(params LocalReplica[] replicas) => new()
    {
        Metadata = Meta("a"),
        Spec = new LocalEngineSpec { Model = new LocalModel { Id = "org/model" }, ServedName = "model", Replicas = 1 },
        Status = new LocalEngineStatus
        {
            ObservedGeneration = 1,
            ReadyReplicas = replicas.Count(r => r.State == "Ready"),
            Replicas = replicas,
            Message = "as the agent says",
        },
    };

    private static LocalReplica Replica(string state, int? port) => new() { Index = 0, State = state, Port = port };
}
