using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Budgets;
using Slipway.Operator.Rollouts.Offline;
using Slipway.Operator.Rollouts.Preflight;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Tests.Rollouts;

/// <summary>A rollout that is led through its steps by the planner, with all that controllers and users would do in between; each step is a pass, and a process may end after any.</summary>
internal sealed class RolloutStage
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public RolloutStage(int replicas, IReadOnlyList<RolloutStep> steps, RolloutCapacity? capacity = null, RolloutBudget? budget = null)
    {
        Stable = Deployment("m", replicas);
        Rollout = new ModelRollout
        {
            Metadata = new ObjectMeta { Name = "r", Namespace = "default", Uid = "uid", Generation = 1, CreationTimestamp = Start },
            Spec = new ModelRolloutSpec { DeploymentRef = new LocalReference { Name = "m" }, Candidate = Json("""{"model":{"id":"org/better"}}"""), Steps = steps, Capacity = capacity, Budget = budget, KeepStableSeconds = 30, KeepCandidateSeconds = 30 },
        };
    }

    public ModelRollout Rollout { get; set; }

    public ModelDeployment? Stable { get; set; }

    public ModelDeployment? Candidate { get; set; }

    public ModelDeployment? Control { get; set; }

    public int ControlInFlight { get; set; }

    public GatherState? Gathered { get; set; }

    public Room? Room { get; set; }

    public DateTimeOffset Now { get; set; } = Start;

    public Asked Asked { get; set; }

    public SeenTraffic Traffic { get; set; } = new(0, 0, 0);

    public SeenTraffic ControlTraffic { get; set; } = new(0, 0, 0);

    public SlowAnswers[] Slower { get; set; } = [];

    public TimeSpan? Usual { get; set; }

    public (GateSetup?, string?) Gate { get; set; }

    public Dictionary<string, GateRunState> Runs { get; } = [];

    public ModelRolloutStatus Status => Rollout.Status!;

    public static RolloutStep Canary(int weight, int? warmup = null) => new() { Canary = new CanaryStep { Weight = weight, MinSeconds = 0, WarmupRequests = warmup } };

    /// <summary>One pass: decides, and keeps what was decided.</summary>
    public RolloutPlan Pass()
    {
        var view = new RolloutView(Rollout, Stable, Candidate, [], _ => Gate, Runs, Traffic, Slower, (_, _) => Usual, static (_, seconds) => seconds, static _ => null, Now) { Room = Room, Asked = Asked, Control = Control, ControlInFlight = ControlInFlight, ControlTraffic = ControlTraffic, Gathered = Gathered };
        var plan = RolloutPlanner.Plan(view);
        Rollout = Rollout with { Status = plan.Status };
        (Asked, Traffic, ControlTraffic, Slower) = (default, new SeenTraffic(0, 0, 0), new SeenTraffic(0, 0, 0), []);
        return plan;
    }

    /// <summary>One pass, and all that it wants done, at once.</summary>
    public RolloutPlan Do()
    {
        var plan = Pass();
        if (plan.Create is { } made)
        {
            var there = Running(made with { Metadata = made.Metadata with { CreationTimestamp = Now } });
            if (there.Metadata.Name == Status.Capacity?.ControlName) Control = there;
            else Candidate = there;
        }

        if (plan.DeleteControl) Control = null;
        if (plan.Scale is { } replicas) Candidate = Running(Candidate! with { Spec = Candidate.Spec with { Scaling = new ScalingSpec { Replicas = replicas } } });
        if (plan.Delete) Candidate = null;
        if (plan.HandOver) Stable = Stable! with { Metadata = Stable.Metadata with { Annotations = new Dictionary<string, string> { [ModelRollout.ReplacedByAnnotation] = Candidate!.Metadata.Name! } } };
        // As the deployment's controller does: it has what the rollout says, and else what it declares.
        if (Stable is not null) Stable = Running(Stable, ReplicaShare.Of(Rollout)?.Replicas);
        return plan;
    }

    /// <summary>Passes until something holds; fails after a hundred.</summary>
    public RolloutPlan Until(Func<ModelRolloutStatus, bool> holds)
    {
        for (var i = 0; i < 100; i++)
        {
            var plan = Do();
            if (holds(plan.Status)) return plan;
            Now += TimeSpan.FromSeconds(1);
        }

        throw new InvalidOperationException($"It stays {Status.Phase}: {Status.Message}");
    }

    public static ModelDeployment Deployment(string name, int replicas) => Running(new ModelDeployment
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default", Uid = name },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/m" }, Scaling = new ScalingSpec { Replicas = replicas } },
    });

    public static ModelDeployment Running(ModelDeployment deployment, int? replicas = null)
    {
        var count = replicas ?? deployment.Spec.Scaling?.Replicas ?? 1;
        return deployment with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running, Replicas = new ReplicaStatus { Desired = count, Ready = count } } };
    }

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
