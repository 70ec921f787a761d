using System.Diagnostics.CodeAnalysis;

namespace Slipway.Capacity.Prices;

/// <summary>A price, or why there is none. An unknown price is never 0, and never another machine's.</summary>
public abstract record PriceAnswer
{
    private PriceAnswer()
    {
    }

    /// <summary>The price when it is known.</summary>
    public bool TryGet([NotNullWhen(true)] out Price? price, [NotNullWhen(false)] out string? reason)
    {
        price = (this as Known)?.Price;
        reason = (this as Unknown)?.Reason;
        return price is not null;
    }

    /// <summary>It is known.</summary>
    public sealed record Known(Price Price) : PriceAnswer;

    /// <summary>It is not.</summary>
    /// <param name="Reason">Why, in words for a user.</param>
    public sealed record Unknown(string Reason) : PriceAnswer;
}
