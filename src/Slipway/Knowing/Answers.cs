using Slipway.Capacity.Answers;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory.Local;
using Slipway.Capacity.Prices;
using Slipway.Commands;
using Slipway.Kubernetes.Connection;
using Slipway.Operator.Devices;

namespace Slipway.Knowing;

/// <summary>Answers about what there is and what it costs, for the command line and the REST API alike.</summary>
/// <param name="client">The cluster; null when there is none.</param>
/// <param name="time">The clock.</param>
internal sealed class Answers(KubeClient? client, TimeProvider time)
{
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
                return CapacityAnswer.OfCluster(view, prices, time.GetUtcNow()) with { Notes = [.. notes, .. (await _probe!.GetAsync(cancellationToken)).Told()] };
        }

        return CapacityAnswer.OfMachine(new LocalMachineReader().Read(), Environment.MachineName, time.GetUtcNow());
    }

    /// <param name="prices">The prices that are known.</param>
    /// <param name="by">What the rows are.</param>
    /// <param name="space">The namespace; null for all.</param>
    /// <param name="budget">What the models may spend a month; null for no limit.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailure">The cluster may not be read.</exception>
    public async Task<CostsAnswer> CostsAsync(PriceBook prices, CostGrouping by, string? space, Budget? budget, CancellationToken cancellationToken) =>
        CostsAnswer.Of(await ClusterReader.ReadAsync(client!, cancellationToken), prices, by, space, time.GetUtcNow(), budget);
}
