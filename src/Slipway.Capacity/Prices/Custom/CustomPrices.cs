using System.Collections.Immutable;
using Slipway.Capacity.Inventory;

namespace Slipway.Capacity.Prices.Custom;

/// <summary>The user's own prices, read from a price book. They go before every other source, and are never scaled to fit one.</summary>
public sealed class CustomPrices
{
    private readonly ImmutableArray<CustomPriceRow> _rows;

    internal CustomPrices(ImmutableArray<CustomPriceRow> rows) => _rows = [.. rows.OrderByDescending(static r => r.Precision)];

    /// <summary>No price book.</summary>
    public static CustomPrices None { get; } = new([]);

    /// <summary>Number of rows.</summary>
    public int Count => _rows.Length;

    /// <summary>The price of a machine type; null when no row is for it.</summary>
    public Price? Find(PriceQuery query) => _rows.FirstOrDefault(r => r.Means(query))?.Price;

    /// <summary>
    /// The price of a node: of the most precise row that means it. A row for devices counts once for each of the node's devices, and is
    /// the whole price of the node; a row for the machine goes before it.
    /// </summary>
    /// <returns>The price; null when no row means the node.</returns>
    public Price? Find(NodeInventory node)
    {
        if (_rows.IsEmpty) return null;
        if (_rows.FirstOrDefault(r => !r.IsDevice && r.Means(node)) is { } machine) return machine.Price;
        if (_rows.FirstOrDefault(r => r.IsDevice && r.Means(node)) is not { } device) return null;
        // Slices count as the part of a device that they are; where that is unknown, so is the price.
        var devices = node.Devices.Select(static d => d.Devices).ToList();
        return devices.Count == 0 || devices.Any(static d => d is null)
            ? null
            : device.Price with { Amount = device.Price.Amount * (decimal)Math.Round(devices.Sum()!.Value, 6), Source = $"{device.Price.Source}, {devices.Sum():0.###} devices" };
    }
}
