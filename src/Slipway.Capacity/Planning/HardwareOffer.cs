using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Prices;
using Slipway.Models.Hardware;

namespace Slipway.Capacity.Planning;

/// <summary>A machine that could be had.</summary>
/// <param name="Name">Its machine type, or a node's name.</param>
/// <param name="Provider">Whose it is; empty when one's own.</param>
/// <param name="Region">Where it is; empty when that does not matter.</param>
/// <param name="Accelerator">Its devices, all alike.</param>
/// <param name="Devices">How many of them.</param>
/// <param name="Price">What an hour of the whole machine costs, or why nobody knows.</param>
public sealed record HardwareOffer(string Name, string Provider, string Region, Accelerator Accelerator, int Devices, PriceAnswer Price)
{
    /// <summary>The machine types of a cloud that have whole accelerators, with their prices in a region.</summary>
    /// <param name="provider"><c>aws</c>, <c>azure</c> or <c>gcp</c>.</param>
    /// <param name="region">The region.</param>
    /// <param name="prices">The prices.</param>
    /// <param name="kind">On which terms.</param>
    public static IReadOnlyList<HardwareOffer> Of(string provider, string region, PriceBook prices, PriceKind kind)
    {
        ArgumentNullException.ThrowIfNull(prices);
        return
        [
            .. MachineTypeTable.Bundled.Rows
                .Where(m => m.Provider.Equals(provider, StringComparison.OrdinalIgnoreCase) && m.Count >= 1 && m.Count == Math.Floor(m.Count))
                .Select(m => new HardwareOffer(m.Name, m.Provider, region, m.Accelerator.Device, (int)m.Count, prices.Of(new PriceQuery(m.Provider, region, m.Name, kind)))),
        ];
    }
}
