namespace Slipway.Capacity.Prices;

/// <summary>What the rates of one table, or of one refresh, have in common.</summary>
/// <param name="Source">Who says so, in words.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="AsOf">Since when it was true.</param>
public sealed record PriceEdition(string Source, string Currency, DateTimeOffset AsOf);

/// <summary>One rate of a table.</summary>
/// <param name="Amount">What an hour costs. Some lists have machines at 0; that is kept, and never offered as a price.</param>
/// <param name="Edition">Where it is from.</param>
public readonly record struct Rate(decimal Amount, PriceEdition Edition);

/// <summary>One row of a table of rates.</summary>
/// <param name="Region">The cloud's region.</param>
/// <param name="MachineType">The machine type.</param>
/// <param name="Kind">On demand or spot.</param>
/// <param name="Rate">The rate.</param>
public readonly record struct RateRow(string Region, string MachineType, PriceKind Kind, Rate Rate);
