using Slipway.Capacity.Inventory;

namespace Slipway.Capacity.Prices.Custom;

/// <summary>One row of a price book: a price, and the nodes or devices that it is for.</summary>
/// <param name="IsDevice">Whether the price is a device's; otherwise it is the whole machine's.</param>
/// <param name="Field">Where a node says that it is meant: <c>metadata.name</c>, <c>spec.providerID</c>, <c>metadata.labels.KEY</c>, or a label's key alone; empty to go by machine type.</param>
/// <param name="Id">What it says there.</param>
/// <param name="Provider">The provider that it has to be of; empty for any.</param>
/// <param name="Region">The region that it has to be in; empty for any.</param>
/// <param name="MachineType">The machine type that it has to have; empty for any.</param>
/// <param name="Price">The price.</param>
internal sealed record CustomPriceRow(bool IsDevice, string Field, string Id, string Provider, string Region, string MachineType, Price Price)
{
    private const string LabelPrefix = "metadata.labels.";

    public bool Means(NodeInventory node) =>
        (Region.Length == 0 || Same(Region, node.Origin.Region)) && (MachineType.Length == 0 || Same(MachineType, node.Origin.MachineType))
        && (Provider.Length == 0 || Same(Provider, node.Origin.Provider)) && (Field.Length == 0 ? MachineType.Length > 0 && Fits(node.Origin.Spot) : Said(node) == Id);

    public bool Means(PriceQuery query) => !IsDevice && Field.Length == 0 && MachineType.Length > 0 && Same(MachineType, query.MachineType)
        && (Region.Length == 0 || Same(Region, query.Region)) && (Provider.Length == 0 || Same(Provider, query.Provider)) && Price.Kind == query.Kind;

    /// <summary>Of two rows for a node the one that says more about it stands.</summary>
    public int Precision => (Field == "metadata.name" || Field == "spec.providerID" ? 8 : Field.Length > 0 ? 4 : 0) + (MachineType.Length > 0 ? 2 : 0) + (Region.Length > 0 ? 1 : 0);

    private string? Said(NodeInventory node) => Field switch
    {
        "metadata.name" => node.Node.Name,
        "spec.providerID" => node.Node.ProviderId,
        _ => node.Node.Labels.GetValueOrDefault(Field.StartsWith(LabelPrefix, StringComparison.Ordinal) ? Field[LabelPrefix.Length..] : Field),
    };

    // The on-demand price of a machine type is not that of a spot machine.
    private bool Fits(bool spot) => Price.Kind is PriceKind.Reserved or PriceKind.Amortised || Price.Kind == PriceKind.Spot == spot;

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
