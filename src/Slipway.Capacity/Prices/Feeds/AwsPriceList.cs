using System.Collections.Immutable;
using System.Globalization;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>The CSV of AWS's price list, read row by row: hundreds of megabytes cost the memory of the rates that are kept.</summary>
internal static class AwsPriceList
{
    /// <summary>Reads a list.</summary>
    /// <param name="text">The file.</param>
    /// <param name="region">The region that it is of.</param>
    /// <param name="etag">Its mark.</param>
    /// <param name="now">The date of its prices when it does not say when it was published.</param>
    public static FeedAnswer Read(TextReader text, string region, string etag, DateTimeOffset now)
    {
        var reader = new CsvReader(text);
        var published = now;
        // A few lines about the list come first: FormatVersion, Disclaimer, Publication Date, Version, OfferCode.
        for (var line = 0; reader.Read() && reader.Column("PricePerUnit") < 0; line++)
        {
            if (reader[0].SequenceEqual("Publication Date") && DateTimeOffset.TryParse(reader[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) published = date;
            if (line > 20) return new FeedAnswer.Failed("the file is no price list of EC2");
        }

        var columns = AwsColumns.Of(reader);
        if (columns is null) return new FeedAnswer.Failed(reader.Fault ?? "the file is no price list of EC2, or its columns have other names");
        var rates = ImmutableArray.CreateBuilder<RateRow>();
        var editions = new Dictionary<string, PriceEdition>(StringComparer.Ordinal);
        var width = reader.Count;
        while (reader.Read())
        {
            if (reader.Count != width) return new FeedAnswer.Failed("the file ends in the middle of a row");
            if (!columns.IsLinuxHour(reader) || !decimal.TryParse(reader[columns.Price], NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) || amount <= 0) continue;
            var currency = reader[columns.Currency].ToString();
            if (!PriceText.IsCurrency(currency)) continue;
            if (!editions.TryGetValue(currency, out var edition)) editions[currency] = edition = new PriceEdition("AWS price list", currency, published);
            rates.Add(new RateRow(region, reader[columns.Type].ToString(), PriceKind.OnDemand, new Rate(amount, edition)));
        }

        return reader.Fault is { } fault ? new FeedAnswer.Failed(fault) : new FeedAnswer.Fresh(rates.ToImmutable(), etag);
    }
}
