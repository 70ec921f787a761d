using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Capacity.Tables;

/// <summary>One row of a <see cref="CsvTable"/>.</summary>
/// <param name="Line">Line of the file, when no field before it has a line break; for messages.</param>
internal sealed record CsvRow(CsvTable Table, string[] Fields, int Line)
{
    /// <summary>The field of a column without surrounding blanks; empty when the row or the table has none.</summary>
    public string this[string column] => Table.Find(column) is var i and >= 0 && i < Fields.Length ? Fields[i].Trim() : "";

    /// <summary>A figure; null when the field is empty or no number, so that what nobody knows stays unknown.</summary>
    public double? Number(string column) =>
        double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>Values separated by <c>|</c>.</summary>
    public ImmutableArray<string> List(string column) => [.. this[column].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
