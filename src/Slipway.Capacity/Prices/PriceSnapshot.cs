using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Prices;

/// <summary>The bundled list prices: dated, so that the first screen has numbers, and the last one before the network comes back.</summary>
public sealed class PriceSnapshot
{
    private readonly ImmutableDictionary<string, Lazy<RateTable>> _providers;

    private PriceSnapshot(ImmutableDictionary<string, Lazy<RateTable>> providers) => _providers = providers;

    /// <summary>The snapshot inside this assembly; a provider's part is unpacked at its first use.</summary>
    public static PriceSnapshot Bundled { get; } = new(CsvTable.Bundled("price-sources.csv").Rows
        .GroupBy(static r => r["provider"], StringComparer.Ordinal)
        .ToImmutableDictionary(static g => g.Key, static g => new Lazy<RateTable>(() => RateTable.Of(g.SelectMany(Rows)))));

    /// <summary>The providers that it has prices of.</summary>
    public IEnumerable<string> Providers => _providers.Keys;

    /// <summary>Rates of a provider; an empty table when there are none.</summary>
    public RateTable Of(string provider) => _providers.TryGetValue(provider, out var table) ? table.Value : RateTable.Empty;

    private static List<RateRow> Rows(CsvRow file)
    {
        using var text = new StreamReader(Resources.Open(file["file"]));
        var asOf = DateTimeOffset.Parse(file["as_of"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var (rows, fault) = RateFile.Read(text, $"bundled: {file["source"]}", asOf);
        return rows ?? throw new InvalidDataException($"{file["file"]}: {fault}");
    }
}
