using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>Places of the columns of AWS's price list that matter.</summary>
/// <remarks><see href="https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/reading-service-price-list-file-for-services.html"/>.</remarks>
internal sealed record AwsColumns(int Term, int Type, int Price, int Currency, int Unit, int System, int Tenancy, int Software, int Status, int Market, int Licence)
{
    /// <summary>Finds them in the header; null when one that is needed is missing.</summary>
    public static AwsColumns? Of(CsvReader header)
    {
        var columns = new AwsColumns(
            header.Column("TermType"), header.Column("Instance Type"), header.Column("PricePerUnit"), header.Column("Currency"), header.Column("Unit"), header.Column("Operating System"),
            header.Column("Tenancy"), header.Column("Pre Installed S/W"), header.Column("CapacityStatus"), header.Column("MarketOption"), header.Column("License Model"));
        return Math.Min(Math.Min(Math.Min(columns.Term, columns.Type), Math.Min(columns.Price, columns.Currency)), Math.Min(Math.Min(columns.Unit, columns.System), Math.Min(columns.Tenancy, Math.Min(columns.Software, columns.Status)))) < 0
            ? null
            : columns;
    }

    /// <summary>Whether the row is an hour of a shared-tenancy Linux machine on demand: capacity used, not reserved, no software on top.</summary>
    public bool IsLinuxHour(CsvReader row) =>
        row[Term].SequenceEqual("OnDemand") && !row[Type].IsEmpty && row[Unit].SequenceEqual("Hrs") && row[System].SequenceEqual("Linux") && row[Tenancy].SequenceEqual("Shared")
        && row[Software].SequenceEqual("NA") && row[Status].SequenceEqual("Used") && (Market < 0 || row[Market].IsEmpty || row[Market].SequenceEqual("OnDemand"))
        && (Licence < 0 || !row[Licence].SequenceEqual("Bring your own license"));
}
