using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory.Local;
using Slipway.Capacity.Prices;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;
using Slipway.Operator.Devices;
using Slipway.Operator.Waits;
using Slipway.Runtimes;

namespace Slipway.Knowing;

/// <summary>Answers about what there is and what it costs, for the command line and the REST API alike.</summary>
/// <param name="client">The cluster; null when there is none.</param>
/// <param name="time">The clock.</param>
internal sealed class Answers(KubeClient? client, TimeProvider time)
{
    // Each is read by itself where not all may be.
    private const int MostSpaces = 20;

    private readonly CapabilityProbe? _probe = client is null ? null : new(client, time);

    /// <param name="prices">The prices that are known.</param>
    /// <param name="onlyCluster">Whether the cluster alone is meant; otherwise this machine stands in for one without nodes.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailure">The cluster may not be read.</exception>
    public async Task<CapacityAnswer> CapacityAsync(PriceBook prices, bool onlyCluster, CancellationToken cancellationToken)
    {
        if (client is not null)
        {
            var (view, notes) = await ClusterReader.ReadWithNotesAsync(client, cancellationToken);
            if (onlyCluster || view.Inventory.Nodes.Length > 0)
            {
                var models = view.Models.Select(static m => m.Namespace).ToHashSet(StringComparer.Ordinal);
                var limits = await NamespaceReader.ReadAllAsync(client, models.Order(StringComparer.Ordinal).Take(MostSpaces), cancellationToken);
                // What stands in the way of pods is told before what the cluster can.
                var waits = notes.AddRange((await NodeMakerReader.ReadAsync(client, time.GetUtcNow(), cancellationToken)).Select(static m => m.Say(claims: true)));
                var answer = CapacityAnswer.OfCluster(view, prices, time.GetUtcNow());
                return (answer with { Notes = [.. waits, .. answer.Notes, .. (await _probe!.GetAsync(cancellationToken)).Told()] }).With(limits, models);
            }
        }

        return CapacityAnswer.OfMachine(new LocalMachineReader().Read(), Environment.MachineName, time.GetUtcNow());
    }

    /// <summary>Whether a namespace has room for what is about to be declared there; nothing for a runtime of somebody else's, or of this machine.</summary>
    /// <param name="draft">What is about to be declared.</param>
    /// <param name="runtime">The runtime that would serve it.</param>
    /// <param name="engine">The engine that it would serve it with.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RoomAnswer> RoomAsync(ModelDeployment draft, string? runtime, EngineType? engine, CancellationToken cancellationToken) =>
        client is null || engine is not { } chosen || ClusterRuntimes.All().FirstOrDefault(r => r.Descriptor.Name == runtime) is not { } known ? RoomAnswer.None
            : RoomOutlook.Of(draft, known, chosen, await NamespaceReader.ReadAsync(client, draft.Metadata.Namespace is { Length: > 0 } space ? space : "default", cancellationToken));

    /// <param name="prices">The prices that are known.</param>
    /// <param name="by">What the rows are.</param>
    /// <param name="space">The namespace; null for all.</param>
    /// <param name="budget">What the models may spend a month; null for no limit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailure">The cluster may not be read.</exception>
    public async Task<CostsAnswer> CostsAsync(PriceBook prices, CostGrouping by, string? space, Budget? budget, CancellationToken cancellationToken) =>
        CostsAnswer.Of(await ClusterReader.ReadAsync(client!, cancellationToken), prices, by, space, time.GetUtcNow(), budget);
}
