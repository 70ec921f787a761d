using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;
using Slipway.Operator.Sizing;
using Slipway.Runtimes;
using Slipway.Runtimes.Local;

namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>Looks whether a candidate fits before it is made: what it takes, by its runtime, beside what the cluster has free.</summary>
/// <param name="reader">Reads the cluster.</param>
/// <param name="runtimes">The runtimes that this process drives.</param>
/// <param name="sizer">Says how many accelerators a model needs; none where nobody counts.</param>
/// <param name="prices">Reads the prices as they are now.</param>
internal sealed class PreflightCheck(RoomReader reader, IReadOnlyList<IRuntime> runtimes, Func<ModelDeployment, ModelSizing?>? sizer, Func<Task<PriceBook>> prices)
{
    /// <summary>Looks.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="stable">The deployment that is to be changed.</param>
    /// <param name="candidate">The candidate, with all the replicas that it declares.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Room> LookAsync(ModelRollout rollout, ModelDeployment stable, ModelDeployment candidate, CancellationToken cancellationToken)
    {
        var room = await FindAsync(rollout, stable, candidate, cancellationToken);
        return stable.Status?.Provider?.Name is { } other && runtimes.All(r => r.Descriptor.Name != other) ? room with { RunBy = other } : room;
    }

    private async Task<Room> FindAsync(ModelRollout rollout, ModelDeployment stable, ModelDeployment candidate, CancellationToken cancellationToken)
    {
        var name = candidate.Spec.Provider?.Name ?? stable.Status?.Provider?.Name;
        if (runtimes.FirstOrDefault(r => r.Descriptor.Name == name) is not { } runtime || (candidate.Spec.Engine?.Type ?? stable.Status?.Engine?.Type) is not { } engine)
            return Room.Unknown($"what {name ?? "its runtime"} makes of it is not known here");
        // Processes of this machine are given no accelerators of their own, and share its memory.
        if (runtime is LocalRuntime) return new Room(null, "") { CandidateEach = 0, StableEach = 0, CostFactor = 1 };
        var sizing = sizer?.Invoke(candidate);
        if (sizing is { Verdict: SizingVerdict.WaitsForHub }) return Room.Unknown(sizing.Message) with { WaitsFor = sizing.Message };
        var capacity = rollout.Spec.Capacity;
        var replicas = capacity?.CandidateReplicas ?? (capacity?.Strategy is CapacityStrategy.Swap or CapacityStrategy.ShadowOffline ? 1 : candidate.Spec.Scaling?.Replicas ?? 1);
        var need = CandidateNeed.Of(With(candidate, replicas), runtime, engine, sizing is { Gpus: > 0 and var gpus } ? gpus : null);
        var own = runtimes.FirstOrDefault(r => r.Descriptor.Name == stable.Status?.Provider?.Name) is { } its && stable.Status?.Engine?.Type is { } with
            ? CandidateNeed.Of(With(stable, replicas), its, with, SizingRecord.Read(stable) is { Gpus: > 0 and var counted } ? counted : null) : null;
        var wanted = need is null || capacity?.ControlReplica != true || own is null ? need : need with { Pods = [.. need.Pods, .. own.Pods] };
        var room = await reader.ReadAsync(rollout.Metadata.Namespace ?? "default", cancellationToken);
        var (price, why) = rollout.Spec.Budget?.Money is null ? (null, null) : CandidatePrice.Of(wanted, room.Inventory, await prices());
        var (factor, unknown) = rollout.Spec.Cost is null ? (null, null) : CandidatePrice.Factor(need, own, room.Inventory, await prices());
        return RoomFinder.Find(wanted, room, Holder) with { CandidateEach = need?.Each, StableEach = own?.Each, AcceleratorPrice = price, NoPrice = why, CostFactor = factor, NoFactor = unknown };
    }

    private static ModelDeployment With(ModelDeployment deployment, int replicas) => deployment with { Spec = deployment.Spec with { Scaling = (deployment.Spec.Scaling ?? new ScalingSpec()) with { Replicas = replicas, Autoscaling = null } } };

    // Pods of models go by the model's name, which people know.
    private string Holder(PodFacts pod)
    {
        foreach (var label in runtimes.SelectMany(static r => r.Descriptor.PodLabels).Distinct(StringComparer.Ordinal))
        {
            if (pod.Labels.TryGetValue(label, out var name)) return $"{pod.Namespace}/{name}";
        }

        return $"{pod.Namespace}/{pod.Name}";
    }
}
