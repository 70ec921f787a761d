using System.Globalization;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Prices;

/// <summary>Rates as CSV: <c>region, machine_type, kind, price_per_hour, currency</c>, and where rows differ in it <c>source, as_of</c>.</summary>
internal static class RateFile
{
    private const string Header = "region,machine_type,kind,price_per_hour,currency,source,as_of";

    /// <summary>Reads rates.</summary>
    /// <param name="text">The file.</param>
    /// <param name="source">Source of rows that name none.</param>
    /// <param name="asOf">Date of rows that have none.</param>
    /// <returns>The rows, or null with the fault.</returns>
    public static (List<RateRow>? Rows, string? Fault) Read(TextReader text, string source, DateTimeOffset asOf)
    {
        var reader = new CsvReader(text, 64 * 1024);
        if (!reader.Read()) return (null, reader.Fault ?? "the file is empty");
        int region = reader.Column("region"), type = reader.Column("machine_type"), kind = reader.Column("kind"), amount = reader.Column("price_per_hour"), currency = reader.Column("currency");
        int from = reader.Column("source"), date = reader.Column("as_of");
        var rows = new List<RateRow>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var edition = new PriceEdition(source, "", asOf);
        while (reader.Read())
        {
            if (PriceText.Kind(reader[kind]) is not { } terms || !decimal.TryParse(reader[amount], NumberStyles.Float, CultureInfo.InvariantCulture, out var price) || !PriceText.IsCurrency(reader[currency]))
                return (null, $"row {rows.Count + 2} is no rate");
            var when = DateTimeOffset.TryParse(reader[date], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var own) ? own : asOf;
            // Rows of one refresh stand together, and share what they have in common.
            if (!reader[currency].SequenceEqual(edition.Currency) || when != edition.AsOf || (!reader[from].IsEmpty && !reader[from].SequenceEqual(edition.Source)))
                edition = new PriceEdition(reader[from].IsEmpty ? source : reader[from].ToString(), reader[currency].ToString(), when);
            rows.Add(new RateRow(Shared(reader[region]), Shared(reader[type]), terms, new Rate(price, edition)));
        }

        return reader.Fault is { } fault ? (null, fault) : (rows, null);

        string Shared(ReadOnlySpan<char> name)
        {
            if (!names.TryGetValue(name, out var shared)) names[name] = shared = name.ToString();
            return shared;
        }
    }

    /// <summary>Writes rates.</summary>
    public static void Write(TextWriter text, IEnumerable<RateRow> rows)
    {
        text.Write(Header);
        foreach (var (region, type, kind, (amount, edition)) in rows)
        {
            text.Write('\n');
            text.Write(string.Create(CultureInfo.InvariantCulture, $"{Quote(region)},{Quote(type)},{PriceText.Of(kind)},{amount},{edition.Currency},{Quote(edition.Source)},{edition.AsOf:O}"));
        }

        text.Write('\n');
    }

    private static string Quote(string field) => $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
