using System.Globalization;
using System.Text.Json;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>One price of Azure: a meter of a machine type, of which there are several (Linux, Windows, spot, low priority, dedicated hosts).</summary>
/// <param name="Region"><c>armRegionName</c>.</param>
/// <param name="MachineType"><c>armSkuName</c>.</param>
/// <param name="Kind">On demand or spot.</param>
/// <param name="Amount"><c>retailPrice</c>.</param>
/// <param name="Currency"><c>currencyCode</c>.</param>
/// <param name="Primary"><c>isPrimaryMeterRegion</c>: the meter that bills, where regions share meters.</param>
/// <param name="Since"><c>effectiveStartDate</c>.</param>
/// <param name="Until"><c>effectiveEndDate</c>; null while it is not known to end.</param>
internal sealed record AzureMeter(string Region, string MachineType, PriceKind Kind, decimal Amount, string Currency, bool Primary, DateTimeOffset Since, DateTimeOffset? Until)
{
    /// <summary>Reads an item; null when it is not the price of an hour of a Linux machine that anybody can have.</summary>
    public static AzureMeter? Read(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) return null;
        string product = Text(item, "productName"), meter = Text(item, "meterName"), sku = Text(item, "skuName"), type = Text(item, "armSkuName");
        if (Text(item, "type") != "Consumption" || Text(item, "unitOfMeasure") != "1 Hour" || type.Length == 0) return null;
        if (product.EndsWith("Windows", StringComparison.Ordinal) || product.Contains("Dedicated", StringComparison.Ordinal) || product.Contains("Cloud Services", StringComparison.Ordinal)
            || product.Contains("CloudServices", StringComparison.Ordinal)) return null;
        if (meter.EndsWith("Low Priority", StringComparison.Ordinal) || sku.EndsWith("Low Priority", StringComparison.Ordinal)) return null;
        if (item.TryGetProperty("tierMinimumUnits", out var tier) && tier.ValueKind == JsonValueKind.Number && tier.GetDouble() > 0) return null;
        if (!item.TryGetProperty("retailPrice", out var price) || price.ValueKind != JsonValueKind.Number || !price.TryGetDecimal(out var amount)) return null;
        var spot = meter.EndsWith(" Spot", StringComparison.Ordinal) || sku.EndsWith(" Spot", StringComparison.Ordinal);
        var primary = !item.TryGetProperty("isPrimaryMeterRegion", out var flag) || flag.ValueKind != JsonValueKind.False;
        return new AzureMeter(Text(item, "armRegionName"), type, spot ? PriceKind.Spot : PriceKind.OnDemand, amount, Text(item, "currencyCode"), primary, Date(item, "effectiveStartDate") ?? default, Date(item, "effectiveEndDate"));
    }

    public static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";

    private static DateTimeOffset? Date(JsonElement item, string name) =>
        DateTimeOffset.TryParse(Text(item, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
