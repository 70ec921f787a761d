namespace Slipway.Capacity.Prices;

/// <summary>Rates of one provider by region, machine type and kind. Immutable once made; names are looked up whole, whatever their case.</summary>
public sealed class RateTable
{
    private readonly Dictionary<string, Dictionary<(string Type, PriceKind Kind), Rate>> _regions = new(StringComparer.OrdinalIgnoreCase);

    private RateTable()
    {
    }

    /// <summary>A table without rates.</summary>
    public static RateTable Empty { get; } = new();

    /// <summary>Number of rates.</summary>
    public int Count { get; private set; }

    /// <summary>Names of the regions that have rates.</summary>
    public IEnumerable<string> Regions => _regions.Keys;

    /// <summary>All rates, region by region.</summary>
    public IEnumerable<RateRow> Rows => _regions.SelectMany(static r => r.Value.Select(v => new RateRow(r.Key, v.Key.Type, v.Key.Kind, v.Value)));

    /// <summary>Makes a table of rows; of two for the same thing the later one stands.</summary>
    public static RateTable Of(IEnumerable<RateRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var table = new RateTable();
        Dictionary<(string, PriceKind), Rate>? region = null;
        var name = "";
        foreach (var row in rows)
        {
            if (region is null || row.Region != name)
            {
                name = row.Region;
                if (!table._regions.TryGetValue(name, out region)) table._regions[name] = region = new(TypeComparer.Instance);
            }

            region[(row.MachineType, row.Kind)] = row.Rate;
        }

        table.Count = table._regions.Values.Sum(static r => r.Count);
        return table;
    }

    /// <summary>A rate; null when the table has none.</summary>
    public Rate? Find(string region, string machineType, PriceKind kind) =>
        _regions.TryGetValue(region, out var types) && types.TryGetValue((machineType, kind), out var rate) ? rate : null;

    private sealed class TypeComparer : IEqualityComparer<(string Type, PriceKind Kind)>
    {
        public static TypeComparer Instance { get; } = new();

        public bool Equals((string Type, PriceKind Kind) x, (string Type, PriceKind Kind) y) =>
            x.Kind == y.Kind && string.Equals(x.Type, y.Type, StringComparison.OrdinalIgnoreCase);

        public int GetHashCode((string Type, PriceKind Kind) key) => StringComparer.OrdinalIgnoreCase.GetHashCode(key.Type) * 4 + (int)key.Kind;
    }
}
