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

    /// <summary>What a replica of the candidate costs as a multiple of what one of the deployment costs.</summary>
    /// <param name="need">What the candidate takes.</param>
    /// <param name="own">What the deployment takes.</param>
    /// <param name="inventory">The cluster's nodes; null where they are not known.</param>
    /// <param name="prices">The prices.</param>
    /// <returns>The multiple; or why it is not known. Where both may come to the same nodes it takes no prices.</returns>
    public static (double? Factor, string? Why) Factor(CandidateNeed? need, CandidateNeed? own, InventorySnapshot? inventory, PriceBook prices)
    {
        if (need is null or { Each: 0 } || own is null or { Each: 0 } || inventory is null) return (null, "which accelerators both take is not known");
        var count = (double)need.Each / own.Each;
        if (Nodes(need).SetEquals(Nodes(own))) return (count, null);
        var ((mine, why), (its, whyIts)) = (Of(need, inventory, prices), Of(own, inventory, prices));
        return mine is { } a && its is { } b ? (count * a / b, null) : (null, why ?? whyIts);

        HashSet<string> Nodes(CandidateNeed of) => [.. inventory.Nodes.Where(n => of.Pods.Any(p => p.Ask.Accelerators > 0 && RoomFinder.Takes(n, p))).Select(static n => n.Node.Name)];
    }
}
