namespace Slipway.Capacity.Cost;

/// <summary>How fast a replica is, as an estimate or a measurement says it.</summary>
/// <param name="PrefillSecondsPerToken">Engine time for one token of a prompt.</param>
/// <param name="DecodeSecondsPerToken">Engine time for one generated token: a step's time over the sequences in it.</param>
public sealed record Throughput(double PrefillSecondsPerToken, double DecodeSecondsPerToken);

/// <summary>What tokens cost on a replica.</summary>
/// <param name="PerMillionInput">A million tokens of prompts.</param>
/// <param name="PerMillionOutput">A million generated tokens.</param>
/// <param name="Utilisation">The part of time that the engine is busy, by which both were divided.</param>
public sealed record TokenCost(CostSum PerMillionInput, CostSum PerMillionOutput, double Utilisation)
{
    /// <summary>
    /// <c>$ per million = cost an hour / 3600 * seconds a token * 1e6 / U</c>. With U = 1 that is what the tokens themselves take; with the
    /// part of time that the engine really is busy it is what they cost with the idle time that comes with them, and only that compares
    /// with the price of somebody's API.
    /// </summary>
    /// <param name="perHour">The replica's cost an hour.</param>
    /// <param name="speed">Its speed; null when nobody knows.</param>
    /// <param name="utilisation">The part of time that the engine is busy, above 0 and at most 1.</param>
    public static TokenCost Of(CostSum perHour, Throughput? speed, double utilisation = 1)
    {
        ArgumentNullException.ThrowIfNull(perHour);
        if (utilisation is not (>= 1e-6 and <= 1)) return Unknown("an engine that is never busy has no cost by the token", utilisation);
        if (speed is null) return Unknown("the speed is not known", utilisation);
        return new TokenCost(Million(perHour, speed.PrefillSecondsPerToken, utilisation), Million(perHour, speed.DecodeSecondsPerToken, utilisation), utilisation);
    }

    /// <summary>What a million tokens cost in the mix of a request: <c>(I*input + O*output)/(I+O)</c>.</summary>
    /// <param name="input">Tokens of its prompt.</param>
    /// <param name="output">Tokens generated for it.</param>
    public CostSum Blended(long input, long output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(input);
        ArgumentOutOfRangeException.ThrowIfLessThan(output, input == 0 ? 1 : 0);
        var all = (decimal)(input + output);
        return PerMillionInput.Times(input / all).Plus(PerMillionOutput.Times(output / all));
    }

    /// <summary>The part of time that the engine has to be busy for its tokens to cost no more than somebody's API: own cost at U = 1 over the API's.</summary>
    /// <returns>The part, above 1 when it never does; null when a cost is unknown or in another currency.</returns>
    public static double? BreakEven(CostSum ownAtFullUse, decimal apiPrice, string currency)
    {
        ArgumentNullException.ThrowIfNull(ownAtFullUse);
        return apiPrice > 0 && ownAtFullUse.Amount is { } own && ownAtFullUse.Currency == currency ? (double)(own / apiPrice) : null;
    }

    private static CostSum Million(CostSum perHour, double seconds, double utilisation)
    {
        if (seconds is not (> 0 and < 1e6)) return CostSum.NotKnown("the speed is not known");
        return perHour.Times((decimal)seconds * 1_000_000 / 3600 / (decimal)utilisation);
    }

    private static TokenCost Unknown(string reason, double utilisation) => new(CostSum.NotKnown(reason), CostSum.NotKnown(reason), utilisation);
}
