using System.Collections.Immutable;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;

namespace Slipway.Capacity.Cost;

/// <summary>What a node costs an hour now, and who takes how much of that. Pods' parts and the idle part add up to the price, exactly.</summary>
/// <param name="Node">The node.</param>
/// <param name="Price">Its price, or why there is none.</param>
/// <param name="Pods">What each of its pods takes.</param>
/// <param name="Idle">What nobody takes; unknown where the price is.</param>
public sealed record NodeCost(NodeInventory Node, PriceAnswer Price, ImmutableArray<PodCost> Pods, CostSum Idle)
{
    private const int Digits = 9;

    /// <summary>The whole node.</summary>
    public CostSum Total => Price.TryGet(out var price, out var reason) ? CostSum.Of(price.Amount, price.Currency) : CostSum.NotKnown($"{Node.Node.Name}: {reason}");

    /// <summary>
    /// Shares a node's price out. Shares of pods may come to more than 1, one taking most of the memory and another most of the devices: then
    /// they are scaled down alike, and nothing is idle.
    /// </summary>
    public static NodeCost Of(NodeInventory node, PriceBook prices)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(prices);
        var answer = prices.Of(node);
        var shares = node.Pods.Select(p => DominantShare.Of(node, p)).ToList();
        if (!answer.TryGet(out var price, out var reason) || shares.Any(static s => s is null))
        {
            var unknown = CostSum.NotKnown($"{node.Node.Name}: {reason ?? "it offers accelerators in several sizes, and one is not known"}");
            return new NodeCost(node, answer, [.. node.Pods.Select((p, i) => new PodCost(p, shares[i], unknown))], unknown);
        }

        var scale = Math.Max(1, shares.Sum()!.Value);
        var idle = price.Amount;
        var pods = ImmutableArray.CreateBuilder<PodCost>(shares.Count);
        for (var i = 0; i < shares.Count; i++)
        {
            // Rounded down, and never beyond what is left: the idle part is the remainder, so that the parts make the whole.
            var part = Math.Min(idle, Math.Round(price.Amount * (decimal)(shares[i]!.Value / scale), Digits, MidpointRounding.ToZero));
            idle -= part;
            pods.Add(new PodCost(node.Pods[i], shares[i], CostSum.Of(part, price.Currency)));
        }

        return new NodeCost(node, answer, pods.MoveToImmutable(), CostSum.Of(idle, price.Currency));
    }
}

/// <summary>What a pod takes of its node.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Share">Its dominant share, 0 to 1; null when it cannot be told.</param>
/// <param name="PerHour">What it costs an hour.</param>
public sealed record PodCost(PodFacts Pod, double? Share, CostSum PerHour);
