using System.CommandLine;
using System.Globalization;
using Slipway.Capacity.Answers;

namespace Slipway.Commands.Knowing;

/// <summary>Money, memory and prices as tables show them.</summary>
internal static class Amounts
{
    public static Option<FileInfo?> Book() => new("--prices") { Description = "Your own price book, a CSV file (docs/costs.md); its rows go before list prices", HelpName = "FILE" };

    public static string Money(CostAmount amount, string format = "0.00") => Text(amount.Amount, amount.Currency, format);

    public static string Price(PriceFact price) => Text(price.PerHour, price.Currency);

    public static string Gib(long? bytes) => bytes is { } b ? string.Create(CultureInfo.InvariantCulture, $"{b / (double)(1L << 30):0.#} GiB") : "unknown";

    /// <summary>Where prices come from, a line each; then why others are not known.</summary>
    public static void WriteOrigins(IEnumerable<PriceFact> prices)
    {
        foreach (var price in prices.DistinctBy(static p => p.Machine))
        {
            Console.Out.WriteLine(price.PerHour is null
                ? $"Price unknown: {price.Machine}: {price.Unknown}."
                : string.Create(CultureInfo.InvariantCulture, $"Price of {price.Machine}: {price.PerHour:0.####} {price.Currency} an hour, {price.Terms}; {price.Source}, {price.AsOf:yyyy-MM-dd} ({price.AgeDays} days old)."));
        }
    }

    private static string Text(decimal? amount, string? currency, string format = "0.00") =>
        amount is not { } known ? "unknown" : currency is null ? "0.00" : known is > 0 and < 0.005m ? $"< 0.01 {currency}" : $"{known.ToString(format, CultureInfo.InvariantCulture)} {currency}";
}
