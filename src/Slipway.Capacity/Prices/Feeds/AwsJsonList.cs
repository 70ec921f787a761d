using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Tables;

namespace Slipway.Capacity.Prices.Feeds;

/// <summary>
/// The JSON of AWS's price list, read token by token: <c>products</c> come first and say what a SKU is, <c>terms</c> after them what it
/// costs. Only the SKUs of Linux machines are remembered.
/// </summary>
internal static class AwsJsonList
{
    /// <summary>Reads a list.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="region">The region that it is of.</param>
    /// <param name="etag">Its mark.</param>
    /// <param name="now">The date of its prices when it does not say when it was published.</param>
    public static FeedAnswer Read(Stream stream, string region, string etag, DateTimeOffset now)
    {
        var list = new State(region, now);
        try
        {
            var whole = JsonTokens.Read(stream, list.Take);
            return whole && list.SawTerms ? new FeedAnswer.Fresh(list.Rates.ToImmutable(), etag) : new FeedAnswer.Failed("the file is no price list of EC2, or is not whole");
        }
        catch (JsonException)
        {
            return new FeedAnswer.Failed("the file is no price list of EC2, or is not whole");
        }
    }

    private sealed class State(string region, DateTimeOffset now)
    {
        private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _attributes = new(StringComparer.Ordinal);
        private readonly Dictionary<string, PriceEdition> _editions = new(StringComparer.Ordinal);
        private DateTimeOffset _published = now;
        private string _unit = "";
        private (string Currency, decimal Amount)? _price;

        public ImmutableArray<RateRow>.Builder Rates { get; } = ImmutableArray.CreateBuilder<RateRow>();

        public bool SawTerms { get; private set; }

        public void Take(IReadOnlyList<string> path, JsonTokenType token, string text)
        {
            switch (path)
            {
                case ["publicationDate"] when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date):
                    _published = date;
                    break;
                case ["products", _, "attributes", var name] when token == JsonTokenType.String:
                    _attributes[name] = text;
                    break;
                case ["products", var sku] when token == JsonTokenType.EndObject:
                    if (IsLinuxHour() && _attributes.TryGetValue("instanceType", out var type)) _types[sku] = type;
                    _attributes.Clear();
                    break;
                case ["terms", ..] when path.Count == 1:
                    SawTerms = true;
                    break;
                case ["terms", "OnDemand", _, _, "priceDimensions", _, "unit"]:
                    _unit = text;
                    break;
                case ["terms", "OnDemand", _, _, "priceDimensions", _, "pricePerUnit", var currency] when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount):
                    _price = (currency, amount);
                    break;
                case ["terms", "OnDemand", var sku, _, "priceDimensions", _] when token == JsonTokenType.EndObject:
                    if (_unit == "Hrs" && _price is { Amount: > 0 } price && PriceText.IsCurrency(price.Currency) && _types.TryGetValue(sku, out var machine)) Add(machine, price);
                    (_unit, _price) = ("", null);
                    break;
            }
        }

        private bool IsLinuxHour() => Is("operatingSystem", "Linux") && Is("tenancy", "Shared") && Is("preInstalledSw", "NA") && Is("capacitystatus", "Used")
            && (!_attributes.TryGetValue("marketoption", out var market) || market is "" or "OnDemand") && !Is("licenseModel", "Bring your own license");

        private bool Is(string attribute, string value) => _attributes.GetValueOrDefault(attribute) == value;

        private void Add(string machine, (string Currency, decimal Amount) price)
        {
            if (!_editions.TryGetValue(price.Currency, out var edition)) _editions[price.Currency] = edition = new PriceEdition("AWS price list", price.Currency, _published);
            Rates.Add(new RateRow(region, machine, PriceKind.OnDemand, new Rate(price.Amount, edition)));
        }
    }
}
