using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;

namespace Slipway.Operator.Rollouts.Preflight;

/// <summary>What an accelerator of a candidate costs an hour at the most: the dearest of the nodes that it may come to, divided by their accelerators. Pure.</summary>
internal static class CandidatePrice
{
    /// <summary>Decides.</summary>
    /// <param name="need">What the candidate takes.</param>
    /// <param name="inventory">The cluster's nodes; null where they are not known.</param>
    /// <param name="prices">The prices.</param>
    /// <returns>USD; or why there is none.</returns>
    public static (double? PerHour, string? Why) Of(CandidateNeed? need, InventorySnapshot? inventory, PriceBook prices)
    {
        if (need is null || inventory is null) return (null, "what it will run on is not known");
        double dearest = 0;
        foreach (var node in inventory.Nodes.Where(n => need.Pods.Any(p => p.Ask.Accelerators > 0 && RoomFinder.Takes(n, p))))
        {
            var devices = node.Devices.Sum(static d => d.Total);
            if (devices == 0) continue;
            if (!prices.Of(node).TryGet(out var price, out var why)) return (null, $"{node.Node.Name}: {why}");
            if (price.Currency != "USD") return (null, $"{node.Node.Name}: its price is in {price.Currency}");
            dearest = Math.Max(dearest, (double)price.Amount / devices);
        }

        return dearest > 0 ? (dearest, null) : (null, "no node says that it has such accelerators");
    }
}
