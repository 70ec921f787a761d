using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;

namespace Slipway.Capacity.Answers;

/// <summary>The price of a machine as answers show it: with its source and its age, or why there is none.</summary>
/// <param name="Machine">The machine type with its region and cloud, or the node's name where those are not known.</param>
/// <param name="PerHour">What an hour of the whole machine costs; null when it is not known.</param>
/// <param name="Currency">ISO 4217 code; null with the price.</param>
/// <param name="Terms"><c>on-demand</c>, <c>spot</c>, <c>reserved</c>, <c>amortised</c>; null with the price.</param>
/// <param name="Source">Who says so, in words; null with the price.</param>
/// <param name="AsOf">Since when it was true, as far as is known; null with the price.</param>
/// <param name="AgeDays">Whole days since then; null with the price.</param>
/// <param name="Unknown">Why there is no price; null when there is one.</param>
public sealed record PriceFact(string Machine, decimal? PerHour, string? Currency, string? Terms, string? Source, DateTimeOffset? AsOf, int? AgeDays, string? Unknown)
{
    /// <summary>Of a node.</summary>
    public static PriceFact Of(NodeInventory node, PriceAnswer answer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(answer);
        var origin = node.Origin;
        var machine = origin.Provider.Length > 0 && origin.MachineType.Length > 0 ? $"{origin.MachineType} ({origin.Provider} {origin.Region})" : node.Node.Name;
        return answer.TryGet(out var price, out var reason)
            ? new PriceFact(machine, price.Amount, price.Currency, PriceText.Of(price.Kind), price.Source, price.AsOf, (int)price.AgeAt(now).TotalDays, null)
            : new PriceFact(machine, null, null, null, null, null, null, reason);
    }
}
