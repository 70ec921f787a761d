using System.Collections.Immutable;

namespace Slipway.Capacity.Tables;

/// <summary>A small table with a header, read whole: the bundled facts, and a file that a person wrote.</summary>
internal sealed class CsvTable
{
    private readonly Dictionary<string, int> _columns;

    private CsvTable(Dictionary<string, int> columns, ImmutableArray<string[]> rows)
    {
        _columns = columns;
        Rows = [.. rows.Select((r, i) => new CsvRow(this, r, i + 2))];
    }

    public ImmutableArray<CsvRow> Rows { get; }

    public bool Has(string column) => _columns.ContainsKey(column);

    public int Find(string column) => _columns.TryGetValue(column, out var place) ? place : -1;

    /// <summary>Reads a table of at most <paramref name="maxRows"/> rows.</summary>
    /// <returns>The table, or why it is none.</returns>
    public static (CsvTable? Table, string? Fault) Read(TextReader text, int maxRows = 100_000)
    {
        var reader = new CsvReader(text, 64 * 1024);
        if (!reader.Read()) return (null, reader.Fault ?? "the file is empty");
        var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < reader.Count; i++) columns.TryAdd(reader[i].Trim().TrimStart('\uFEFF').ToString(), i);
        var rows = ImmutableArray.CreateBuilder<string[]>();
        while (reader.Read())
        {
            if (rows.Count == maxRows) return (null, $"the file has more than {maxRows} rows");
            var row = new string[reader.Count];
            for (var i = 0; i < row.Length; i++) row[i] = reader[i].ToString();
            rows.Add(row);
        }

        return reader.Fault is { } fault ? (null, fault) : (new CsvTable(columns, rows.ToImmutable()), null);
    }

    /// <summary>Reads a bundled table.</summary>
    public static CsvTable Bundled(string name)
    {
        using var text = new StreamReader(Resources.Open(name));
        var (table, fault) = Read(text);
        return table ?? throw new InvalidDataException($"{name}: {fault}");
    }
}
