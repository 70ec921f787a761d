namespace Slipway.Capacity.Cost;

/// <summary>What spare capacity really costs, with what is lost when the cloud takes it back.</summary>
public static class SpotCost
{
    /// <summary>Cost of a useful hour: <c>spot * (1 + lambda*reload) + lambda*lost</c>.</summary>
    /// <param name="spotPerHour">The spot price.</param>
    /// <param name="interruptionsPerHour">Interruptions an hour (lambda); of a monthly rate, that over 730.</param>
    /// <param name="reloadHours">Hours until a replacement answers: the weights, the engine's start.</param>
    /// <param name="lostPerInterruption">What the work that was under way is worth.</param>
    public static decimal EffectivePerHour(decimal spotPerHour, double interruptionsPerHour, double reloadHours, decimal lostPerInterruption = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spotPerHour);
        ArgumentOutOfRangeException.ThrowIfNegative(interruptionsPerHour);
        ArgumentOutOfRangeException.ThrowIfNegative(reloadHours);
        ArgumentOutOfRangeException.ThrowIfNegative(lostPerInterruption);
        return spotPerHour * (1 + (decimal)(interruptionsPerHour * reloadHours)) + (decimal)interruptionsPerHour * lostPerInterruption;
    }
}
