namespace Slipway.Cel.Cost;

/// <summary>The extensions for lists and sets.</summary>
internal static class ListEstimates
{
    public static (CelCostEstimate Cost, CelCostEstimate? Size)? Of(string name, Measure? target, IReadOnlyList<Measure> arguments)
    {
        switch (name)
        {
            case "sets.contains" or "sets.intersects":
                return (arguments[0].Size.Times(arguments[1].Size).Plus(CelCostEstimate.Fixed(1)), null);
            case "sets.equivalent":
                return (arguments[0].Size.Times(arguments[1].Size).Times(2.0).Plus(CelCostEstimate.Fixed(1)), null);
            case "lists.range":
                return Made(1, CelCostEstimate.Fixed(arguments[0].Number(ulong.MaxValue)));
        }

        if (target?.Element is null && target?.Type.IsDyn != true) return null;
        return name switch
        {
            "slice" => Made(1, CelCostEstimate.Fixed(Between(arguments[0].Number(0), arguments[1].Number(target.Size.Max)))),
            "reverse" => Made(1, target.Size),
            "flatten" => Made(arguments.Count == 1 ? arguments[0].Number(ulong.MaxValue) : 1, target.Size),
            "distinct" => Made(2, target.Size.Times(target.Size)),
            "sort" => Made(target.Element?.Name is "string" or "bytes" ? 2 + CostUnits.Text : 2, target.Size.Times(target.Size)),
            _ => null,
        };
    }

    private static ulong Between(ulong start, ulong end) => end > start ? end - start : 0;

    private static (CelCostEstimate, CelCostEstimate?) Made(double factor, CelCostEstimate size) =>
        (size.Times(factor).Plus(CelCostEstimate.Fixed(1 + CostUnits.List)), size);
}
