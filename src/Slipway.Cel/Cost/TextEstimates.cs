namespace Slipway.Cel.Cost;

/// <summary>Sizes of texts that functions make.</summary>
internal static class TextEstimates
{
    public static CelCostEstimate Replaced(CelCostEstimate text, CelCostEstimate old, CelCostEstimate with)
    {
        // The longest result: the shortest part as often as it fits, replaced by the longest; nothing at all stands around each character.
        var (mostTimes, mostKept) = old.Min == 0 ? (AndOne(text.Max), text.Max) : with.Max <= old.Min ? (0, text.Max) : (Ratio(text.Max, old.Min), 0UL);
        var (leastTimes, leastKept) = old.Max == 0 ? (AndOne(text.Min), text.Min) : old.Max <= with.Min ? (0, text.Min) : (Ratio(text.Min, old.Max), 0UL);
        return new CelCostEstimate(leastTimes, mostTimes).Times(with).Plus(new CelCostEstimate(leastKept, mostKept));
    }

    public static CelCostEstimate Joined(Measure list, CelCostEstimate? separator)
    {
        var size = list.Element is null ? default : list.Size.Times(list.ElementSize);
        if (separator is null) return size;
        return size.Plus(separator.Value.Times(new CelCostEstimate(list.Size.Min > 0 ? list.Size.Min - 1 : 0, list.Size.Max > 0 ? list.Size.Max - 1 : 0)));
    }

    /// <summary>Addresses are compared byte by byte; what is given as text is read first.</summary>
    public static CelCostEstimate Contained(bool network, CelCostEstimate? text)
    {
        var address = new CelCostEstimate(4, 16);
        var cost = address.Plus(address).Times(CostUnits.Text);
        if (network) cost = cost.Plus(address.Times(CostUnits.Text)).Plus(CelCostEstimate.Fixed(1));
        return text is null ? cost : cost.Plus(text.Value.Times(CostUnits.Text));
    }

    private static ulong AndOne(ulong count) => count == ulong.MaxValue ? count : count + 1;

    private static ulong Ratio(ulong a, ulong b) => new CelCostEstimate(0, a).Times(1.0 / b).Max;
}
