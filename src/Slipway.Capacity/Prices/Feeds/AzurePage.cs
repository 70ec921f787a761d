using System.Text.Json;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>One page of the Azure Retail Prices API.</summary>
internal sealed record AzurePage(List<AzureMeter> Meters, int Count, string Next)
{
    private const int MaxBytes = 32 << 20;

    /// <summary>Reads a page; null when it is none, or is not whole.</summary>
    public static async Task<AzurePage?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        if (stream.Length > MaxBytes) return null;
        try
        {
            using var json = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("Items", out var items) || items.ValueKind != JsonValueKind.Array) return null;
            var meters = items.EnumerateArray().Select(AzureMeter.Read).OfType<AzureMeter>().ToList();
            return new AzurePage(meters, items.GetArrayLength(), AzureMeter.Text(root, "NextPageLink"));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
