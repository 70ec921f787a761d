using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Prices.Custom;

/// <summary>
/// Reads a price book: the CSV of OpenCost's custom prices (<c>EndTimestamp, InstanceID, Region, AssetClass, InstanceIDField, InstanceType,
/// MarketPriceHourly, Version</c>), with columns of our own that may be left out: <c>Provider, Kind, Currency</c>, and for machines of one's
/// own, in place of a price, <c>Purchase, LifeYears, KwAtLoad, KwIdle, PerKwh, Pue, UpkeepPerYear</c>.
/// </summary>
public static class PriceBookFile
{
    private const int MaxRows = 10_000;

    /// <summary>Reads a price book.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">Its name, for the source of its prices.</param>
    /// <param name="written">When it was written: the date of prices without one, or with one that is still to come.</param>
    /// <returns>The prices, with a message for each row that is none; the rows that are stand.</returns>
    public static (CustomPrices Prices, ImmutableArray<string> Faults) Read(TextReader text, string name, DateTimeOffset written)
    {
        var (table, fault) = CsvTable.Read(text, MaxRows);
        if (table is null) return (CustomPrices.None, [$"{name}: {fault}"]);
        if (!table.Has("AssetClass")) return (CustomPrices.None, [$"{name}: the first line has to name the columns, AssetClass among them"]);
        var rows = ImmutableArray.CreateBuilder<CustomPriceRow>();
        var faults = ImmutableArray.CreateBuilder<string>();
        foreach (var row in table.Rows)
        {
            var (read, wrong) = Row(row, name, written);
            if (read is not null) rows.Add(read);
            if (wrong is not null && faults.Count < 100) faults.Add($"{name}, line {row.Line}: {wrong}");
        }

        return (new CustomPrices(rows.ToImmutable()), faults.ToImmutable());
    }

    private static (CustomPriceRow? Row, string? Fault) Row(CsvRow row, string name, DateTimeOffset written)
    {
        var kind = row["AssetClass"].ToLowerInvariant();
        if (kind == "pv") return (null, "volumes are not priced yet");
        if (kind is not ("node" or "gpu")) return (null, $"AssetClass is '{row["AssetClass"]}'; it has to be node or gpu");
        var currency = row["Currency"] is { Length: > 0 } own ? own.ToUpperInvariant() : "USD";
        if (!PriceText.IsCurrency(currency)) return (null, $"'{row["Currency"]}' is no currency");
        var terms = row["Kind"].Length == 0 ? PriceKind.OnDemand : PriceText.Kind(row["Kind"].ToLowerInvariant());
        if (terms is null) return (null, $"Kind is '{row["Kind"]}'; it has to be on-demand, spot, reserved or amortised");
        if (row["InstanceIDField"].Length > 0 && row["InstanceID"].Length == 0) return (null, "InstanceIDField is given, and InstanceID is not");
        if (row["InstanceIDField"].Length == 0 && row["InstanceType"].Length == 0) return (null, "neither InstanceIDField nor InstanceType says what the price is for");
        var (amount, fault) = Amount(row);
        if (amount is not { } price) return (null, fault);
        var stamp = row["EndTimestamp"].Replace(" UTC", "Z", StringComparison.Ordinal);
        var asOf = DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var dated) && dated < written ? dated : written;
        var amortised = row["MarketPriceHourly"].Length == 0;
        return (new CustomPriceRow(kind == "gpu", row["InstanceIDField"], row["InstanceID"], row["Provider"], row["Region"], row["InstanceType"],
            new Price(price, currency, amortised ? PriceKind.Amortised : terms.Value, amortised ? $"your price book {name}, amortised" : $"your price book {name}", asOf)), null);
    }

    private static (decimal? Amount, string? Fault) Amount(CsvRow row)
    {
        if (row["MarketPriceHourly"] is { Length: > 0 } text)
        {
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price is > 0 and < 1_000_000
                ? (price, null)
                : (null, $"MarketPriceHourly is '{text}'; it has to be a number above 0");
        }

        var (purchase, years) = (row.Number("Purchase"), row.Number("LifeYears"));
        if (purchase is null || years is null) return (null, "there is no MarketPriceHourly, and no Purchase with LifeYears either");
        double[] figures = [purchase.Value, years.Value, row.Number("KwAtLoad") ?? 0, row.Number("KwIdle") ?? 0, row.Number("PerKwh") ?? 0, row.Number("Pue") ?? 1, row.Number("UpkeepPerYear") ?? 0];
        if (figures.Any(static f => Math.Abs(f) > 1e12)) return (null, "a figure of the machine is beyond all reason");
        var machine = new OnPremMachine
        {
            Purchase = (decimal)figures[0],
            LifeYears = (decimal)figures[1],
            KilowattsAtLoad = (decimal)figures[2],
            KilowattsIdle = (decimal)figures[3],
            PerKilowattHour = (decimal)figures[4],
            Pue = (decimal)figures[5],
            UpkeepPerYear = (decimal)figures[6],
        };
        if (machine.Fault is { } fault) return (null, fault);
        return machine.PerHour() is > 0 and var hour ? (hour, null) : (null, "the machine costs nothing by these figures");
    }
}
