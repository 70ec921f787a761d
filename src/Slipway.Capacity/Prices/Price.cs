namespace Slipway.Capacity.Prices;

/// <summary>What an hour costs, and where one knows it from. All five are shown together.</summary>
/// <param name="Amount">What one hour of the whole machine costs; above 0.</param>
/// <param name="Currency">ISO 4217 code, as in <c>USD</c>. Amounts of two currencies are never added.</param>
/// <param name="Kind">On which terms.</param>
/// <param name="Source">Who says so, in words.</param>
/// <param name="AsOf">Since when it was true, as far as is known.</param>
public sealed record Price(decimal Amount, string Currency, PriceKind Kind, string Source, DateTimeOffset AsOf)
{
    /// <summary>What the amount is for.</summary>
    public const string Unit = "machine hour";

    /// <summary>How old the price is.</summary>
    public TimeSpan AgeAt(DateTimeOffset now) => now > AsOf ? now - AsOf : TimeSpan.Zero;
}

/// <summary>The terms of a price.</summary>
public enum PriceKind
{
    /// <summary>List price without commitment.</summary>
    OnDemand,

    /// <summary>Spare capacity that the cloud may take back at any time.</summary>
    Spot,

    /// <summary>With a commitment for years: the on-demand price times a factor that the user gave.</summary>
    Reserved,

    /// <summary>One's own machine: its purchase spread over its life, and its power and upkeep.</summary>
    Amortised,
}
