using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Web.Rollouts;
using Slipway.Web.Rollouts.Begin;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Rollouts in memory; what the page asks for is written down.</summary>
internal sealed class FakeRollouts : IRollouts
{
    private readonly List<ModelRollout> _all = [];

    public event Action? Changed;

    public List<string> Asked { get; } = [];

    public string? Refusal { get; set; }

    public GateFindings Findings { get; set; } = new([], []);

    public IReadOnlyList<ModelRollout> All => [.. _all];

    public void Put(ModelRollout rollout)
    {
        _all.RemoveAll(r => r.Metadata.Name == rollout.Metadata.Name);
        _all.Add(rollout);
        Changed?.Invoke();
    }

    public ModelRollout? Find(string space, string name) => _all.Find(r => r.Metadata.Name == name && r.Metadata.Namespace == space);

    public Task<GateFindings> FindingsAsync(ModelRollout rollout, GateStatus gate, CancellationToken cancellationToken)
    {
        Asked.Add($"read {gate.Name} {gate.Asked}");
        return Task.FromResult(Findings);
    }

    public List<SuiteOffer> Offered { get; } = [new("arithmetic", "Sums.", 500, Bundled: true), new("ours", "What our users ask.", 40, Bundled: false)];

    public RolloutDraft? Begun { get; private set; }

    public IReadOnlyList<SuiteOffer> Suites(string space) => Offered;

    public string? Doubt(RolloutDraft draft) => draft.Quality is { AllowUnderpowered: not true, SuiteRef.Name: "ours" } ? "Suite ours has 40 prompts, too few." : null;

    public Task<string?> BeginAsync(RolloutDraft draft, CancellationToken cancellationToken)
    {
        Begun = draft;
        return Ask($"begin {draft.Name}");
    }

    public Task<string?> DeleteAsync(ModelRollout rollout, CancellationToken cancellationToken) => Ask($"delete {rollout.Metadata.Name}");

    public Task<string?> ApproveAsync(ModelRollout rollout, CancellationToken cancellationToken) => Ask($"approve {rollout.Metadata.Name}");

    public Task<string?> AbortAsync(ModelRollout rollout, CancellationToken cancellationToken) => Ask($"abort {rollout.Metadata.Name}");

    /// <summary>A rollout with a gate, a pause and a canary.</summary>
    public static ModelRollout Rollout(string name, RolloutPhase phase, int step = 0, Func<ModelRolloutStatus, ModelRolloutStatus>? more = null) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default", Uid = name, CreationTimestamp = DateTimeOffset.UnixEpoch },
        Spec = new ModelRolloutSpec
        {
            DeploymentRef = new LocalReference { Name = "a" },
            Candidate = JsonSerializer.Deserialize<JsonElement>("""{"model":{"id":"org/b"}}"""),
            Steps = [new RolloutStep { Gates = ["g"] }, new RolloutStep { Pause = new PauseStep { Message = "Look at it" } }, new RolloutStep { Canary = new CanaryStep { Weight = 10 } }],
            Latency = [new LatencyLimit { Measure = LatencyMeasure.FirstToken, Ratio = 1.2 }],
        },
        Status = (more ?? (static s => s))(new ModelRolloutStatus { Phase = phase, Step = step, StartTime = DateTimeOffset.UnixEpoch, CandidateName = "a-b", CandidateWeight = 0, Message = "Waits for approval (slipway rollout approve r)" }),
    };

    /// <summary>A rollout that is about to begin.</summary>
    public static RolloutDraft Draft() => new()
    {
        Space = "default",
        Name = "r",
        Deployment = "a",
        Candidate = JsonSerializer.Deserialize<JsonElement>("{}"),
        Quality = new QualityGateSpec { SuiteRef = new LocalReference { Name = "arithmetic" } },
    };

    public static GateStatus Gate(string verdict, long asked) => new() { Name = "g", Verdict = verdict, Asked = asked, Total = 100, Margin = 0.1, Alpha = 0.05, AlphaFail = 0.05, Better = 1, Worse = 2, Same = asked - 3, BaselineSum = asked, CandidateSum = asked - 1 };

    private Task<string?> Ask(string what)
    {
        Asked.Add(what);
        return Task.FromResult(Refusal);
    }
}
