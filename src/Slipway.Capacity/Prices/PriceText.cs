namespace Slipway.Capacity.Prices;

/// <summary>The words of price tables.</summary>
internal static class PriceText
{
    public static string Of(PriceKind kind) => kind switch { PriceKind.OnDemand => "on-demand", PriceKind.Spot => "spot", PriceKind.Reserved => "reserved", _ => "amortised" };

    public static PriceKind? Kind(ReadOnlySpan<char> text) => text switch { "on-demand" => PriceKind.OnDemand, "spot" => PriceKind.Spot, "reserved" => PriceKind.Reserved, "amortised" => PriceKind.Amortised, _ => null };

    /// <summary>Three capital letters.</summary>
    public static bool IsCurrency(ReadOnlySpan<char> text) => text.Length == 3 && !text.ContainsAnyExceptInRange('A', 'Z');
}
