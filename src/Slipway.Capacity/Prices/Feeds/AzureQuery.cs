namespace Slipway.Capacity.Prices.Feeds;

/// <summary>Questions to the Azure Retail Prices API.</summary>
/// <remarks><see href="https://learn.microsoft.com/rest/api/cost-management/retail-prices/azure-retail-prices"/>; field names are case-sensitive.</remarks>
public static class AzureQuery
{
    /// <summary>The address of a region's prices of virtual machines.</summary>
    /// <param name="endpoint">The API.</param>
    /// <param name="region">The region, as in <c>westeurope</c>.</param>
    /// <param name="currency">ISO 4217 code.</param>
    /// <param name="machineType">One machine type, or null for all.</param>
    /// <returns>The address; null when a name could not be one of Azure's. A quote, a blank or an operator never gets into the filter.</returns>
    public static Uri? For(Uri endpoint, string region, string currency, string? machineType = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(region);
        ArgumentNullException.ThrowIfNull(currency);
        if (!RegionNames.IsRegion(region) || !PriceText.IsCurrency(currency) || (machineType is not null && !RegionNames.IsMachineType(machineType))) return null;
        var filter = $"serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq {Quote(region)}";
        if (machineType is not null) filter += $" and armSkuName eq {Quote(machineType)}";
        return new Uri($"{endpoint}?api-version=2023-01-01-preview&currencyCode={Uri.EscapeDataString(Quote(currency))}&$filter={Uri.EscapeDataString(filter)}");
    }

    // OData writes a quote inside a string twice.
    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
