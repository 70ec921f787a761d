namespace Slipway.Capacity.Prices;

/// <summary>What a price is wanted for.</summary>
/// <param name="Provider"><c>azure</c>, <c>aws</c>, <c>gcp</c>, or a name of the user's own.</param>
/// <param name="Region">The cloud's region, as in <c>westeurope</c>.</param>
/// <param name="MachineType">The machine type, as in <c>Standard_NC24ads_A100_v4</c>.</param>
/// <param name="Kind">On which terms.</param>
public sealed record PriceQuery(string Provider, string Region, string MachineType, PriceKind Kind)
{
    /// <summary>In words.</summary>
    public override string ToString() => $"{MachineType} in {Region} at {Provider}, {PriceText.Of(Kind)}";
}
