using System.Collections.Immutable;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices.Custom;

namespace Slipway.Capacity.Prices;

/// <summary>
/// All prices that are known, in the order of trust: the user's own price book, what was fetched from the clouds, the bundled snapshot.
/// Immutable: a refresh makes another one.
/// </summary>
public sealed record PriceBook
{
    /// <summary>The bundled snapshot alone.</summary>
    public static PriceBook Bundled { get; } = new();

    /// <summary>The user's own prices.</summary>
    public CustomPrices Custom { get; init; } = CustomPrices.None;

    /// <summary>Rates fetched from the clouds, by provider.</summary>
    public ImmutableDictionary<string, RateTable> Live { get; init; } = ImmutableDictionary<string, RateTable>.Empty;

    /// <summary>The bundled prices.</summary>
    public PriceSnapshot Snapshot { get; init; } = PriceSnapshot.Bundled;

    /// <summary>What a reserved machine costs of the on-demand price, by provider: above 0 and at most 1. Only the user knows his contract.</summary>
    public ImmutableDictionary<string, decimal> ReservedFactors { get; init; } = ImmutableDictionary<string, decimal>.Empty;

    /// <summary>The price of a machine.</summary>
    public PriceAnswer Of(PriceQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.Provider.Length == 0 || query.MachineType.Length == 0 || query.Region.Length == 0)
            return new PriceAnswer.Unknown($"{Missing(query)} is not known, and no price book says what the machine costs");
        if (Custom.Find(query) is { } own) return new PriceAnswer.Known(own);
        if (query.Kind == PriceKind.Amortised) return new PriceAnswer.Unknown("no price book says what the machine cost to buy");
        if (query.Kind == PriceKind.Reserved) return Reserved(query);
        string? zero = null;
        foreach (var table in new[] { Live.GetValueOrDefault(query.Provider, RateTable.Empty), Snapshot.Of(query.Provider) })
        {
            if (table.Find(query.Region, query.MachineType, query.Kind) is not { } rate) continue;
            if (rate.Amount > 0) return new PriceAnswer.Known(new Price(rate.Amount, rate.Edition.Currency, query.Kind, rate.Edition.Source, rate.Edition.AsOf));
            zero = $"{rate.Edition.Source} lists {query} at 0, which is no price";
        }

        return new PriceAnswer.Unknown(zero ?? $"no price of {query} is known");
    }

    /// <summary>The price of a node: by the user's price book where a row of it means the node, else by its provider, region, machine type and terms.</summary>
    public PriceAnswer Of(NodeInventory node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Custom.Find(node) is { } own
            ? new PriceAnswer.Known(own)
            : Of(new PriceQuery(node.Origin.Provider, node.Origin.Region, node.Origin.MachineType, node.Origin.Spot ? PriceKind.Spot : PriceKind.OnDemand));
    }

    private PriceAnswer Reserved(PriceQuery query)
    {
        if (!ReservedFactors.TryGetValue(query.Provider, out var factor) || factor is <= 0 or > 1)
            return new PriceAnswer.Unknown($"what a reservation at {query.Provider} costs of the on-demand price is for you to say");
        return Of(query with { Kind = PriceKind.OnDemand }) is PriceAnswer.Known { Price: var price }
            ? new PriceAnswer.Known(price with { Amount = price.Amount * factor, Kind = PriceKind.Reserved, Source = $"{price.Source}, times your factor {factor}" })
            : Of(query with { Kind = PriceKind.OnDemand });
    }

    private static string Missing(PriceQuery query) => query.Provider.Length == 0 ? "the provider" : query.MachineType.Length == 0 ? "the machine type" : "the region";
}
