using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Custom;
using Slipway.Capacity.Prices.Live;
using Slipway.Commands;

namespace Slipway.Knowing;

/// <summary>The prices that commands use: the user's book, what a Slipway of the data directory fetched, the bundled lists.</summary>
internal static class KnownPrices
{
    /// <param name="store">Where fetched prices are kept; null to leave them out.</param>
    /// <param name="book">The user's price book; null for none.</param>
    /// <exception cref="CommandFailure">There is no such book.</exception>
    public static async Task<PriceBook> ReadAsync(PriceStore? store, FileInfo? book)
    {
        var prices = PriceBook.Bundled;
        if (store is not null)
        {
            using var live = new LivePrices([], store, PriceSnapshot.Bundled);
            foreach (var fault in live.Faults) await Console.Error.WriteLineAsync($"slipway: {fault}. It is left out; `slipway prices refresh` fetches it again.");
            prices = prices with { Live = live.Current };
        }

        if (book is null) return prices;
        if (!book.Exists) throw new CommandFailure(ExitCodes.NotFound, $"There is no price book {book.FullName}.");
        using var text = book.OpenText();
        var (own, faults) = PriceBookFile.Read(text, book.Name, new DateTimeOffset(book.LastWriteTimeUtc));
        foreach (var fault in faults) await Console.Error.WriteLineAsync($"slipway: {fault}");
        return prices with { Custom = own };
    }
}
