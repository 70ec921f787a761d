using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Web.Rollouts;

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

    public static GateStatus Gate(string verdict, long asked) => new() { Name = "g", Verdict = verdict, Asked = asked, Total = 100, Margin = 0.1, Alpha = 0.05, AlphaFail = 0.05, Better = 1, Worse = 2, Same = asked - 3, BaselineSum = asked, CandidateSum = asked - 1 };

    private Task<string?> Ask(string what)
    {
        Asked.Add(what);
        return Task.FromResult(Refusal);
    }
}
