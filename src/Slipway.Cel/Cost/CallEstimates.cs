using Slipway.Cel.Functions;
using Slipway.Cel.Libraries;
using Slipway.Cel.Syntax;
using Slipway.Cel.Values;

namespace Slipway.Cel.Cost;

/// <summary>One argument: its type, its size, and what is known of a list's elements.</summary>
internal sealed record Measure(CelType Type, CelCostEstimate Size, CelType? Element, CelCostEstimate ElementSize, LiteralExpr? Literal)
{
    public ulong Number(ulong otherwise) => Literal?.Value is IntValue { Value: >= 0 } number ? (ulong)number.Value : otherwise;
}

/// <summary>What a call is given, and what evaluating its arguments costs, each and together.</summary>
internal sealed record CallShape(Measure? Target, IReadOnlyList<Measure> Arguments, IReadOnlyList<CelCostEstimate> Costs, CelCostEstimate Total);

/// <summary>What calls cost before evaluation, and how large their results can be.</summary>
internal static class CallEstimates
{
    private static CelCostEstimate One => CelCostEstimate.Fixed(1);

    public static (CelCostEstimate Cost, CelCostEstimate? Size) Of(Overload overload, CallShape call)
    {
        if (overload.Name is "_&&_" or "_||_") return (new CelCostEstimate(call.Costs[0].Min, call.Costs[0].Plus(call.Costs[1]).Max), null);
        if (overload.Name == "_?_:_")
        {
            return (call.Costs[0].Plus(call.Costs[1].Or(call.Costs[2])), call.Arguments[1].Size.Or(call.Arguments[2].Size));
        }

        var (own, size) = Own(overload, call.Target, call.Arguments);
        return (own.Plus(call.Total), size);
    }

    private static (CelCostEstimate, CelCostEstimate?) Own(Overload overload, Measure? target, IReadOnlyList<Measure> arguments)
    {
        var first = target ?? (arguments.Count > 0 ? arguments[0] : null);
        switch (overload.Name)
        {
            case "isSorted" or "sum" or "max" or "min" or "indexOf" or "lastIndexOf" when target is not null:
                return (Walk(target), null);
            case "url" or "lowerAscii" or "upperAscii" or "substring" or "trim":
                return (first!.Size.Times(CostUnits.Text), first.Size);
            case "replace":
                return (target!.Size.Times(2 * CostUnits.Text), TextEstimates.Replaced(target.Size, arguments[0].Size, arguments[1].Size));
            case "split":
                return (target!.Size.Times(2 * CostUnits.Text), new CelCostEstimate(0, arguments.Count > 1 ? arguments[1].Number(target.Size.Max) : target.Size.Max));
            case "join":
                var joined = TextEstimates.Joined(target!, arguments.Count > 0 ? arguments[0].Size : null);
                return (joined.Times(CostUnits.Text), joined);
            case "find" or "findAll":
                return (Search(target!.Size, arguments[0].Size), new CelCostEstimate(0, target.Size.Max));
            case "ip" when target is not null:
                return (One, null);
            case "cidr" or "isIP" or "isCIDR" or "ip" or "quantity" or "isQuantity" or "semver" or "isSemver":
                return (arguments[0].Size.Times(CostUnits.Text), null);
            case "ip.isCanonical":
                return (arguments[0].Size.Times(2 * CostUnits.Text), null);
            case "containsIP" or "containsCIDR":
                return (TextEstimates.Contained(overload.Name == "containsCIDR", overload.Parameters[1].Name == "string" ? arguments[0].Size : null), null);
            case "validate":
                return (arguments[0].Size.Times(CostUnits.Text).Times(CostUnits.NamedPattern * CostUnits.Pattern), null);
            case "startsWith" or "endsWith":
                return (arguments[0].Size.Times(CostUnits.Text), null);
            case "format":
                return (target!.Size.Times(CostUnits.Text), null);
            case "strings.quote":
                return (first!.Size.Times(CostUnits.Text), first.Size.Times(CelCostEstimate.Fixed(2)).Plus(CelCostEstimate.Fixed(2)) with { Min = first.Size.Min + 2 });
            case "bytes" when overload.Parameters[0].Name == "string":
                return (first!.Size.Times(CostUnits.Text), first.Size.Times(CelCostEstimate.Fixed(4)) with { Min = first.Size.Min });
            case "string" when overload.Parameters[0].Name == "bytes":
                return (first!.Size.Times(CostUnits.Text), first.Size with { Min = first.Size.Min / 4 });
            case "@in" when overload.Parameters[1].Name == "list":
                return (arguments[1].Size, null);
            case "matches" when target is not null:
                return (Search(target.Size, arguments[0].Size), null);
            case "contains" when target is not null:
                return (target.Size.Times(CostUnits.Text).Times(arguments[0].Size.Times(CostUnits.Text)), null);
            case "_+_" when overload.Parameters is [{ Name: "string" or "bytes" or "list" } kind, _]:
                var sum = arguments[0].Size.Plus(arguments[1].Size);
                return (kind.Name == "list" ? One : sum.Times(CostUnits.Text), sum);
            case "_==_" or "_!=_":
                return (Equal(overload.Name, arguments[0], arguments[1]), null);
            case "_<_" or "_<=_" or "_>_" or "_>=_" when overload.Parameters is [{ Name: "string" or "bytes" }, _]:
                return (Smaller(arguments[0], arguments[1]), null);
            default:
                return ListEstimates.Of(overload.Name, target, arguments) ?? (One, null);
        }
    }

    private static CelCostEstimate Walk(Measure target)
    {
        if (target.Element is null) return target.Size.Times(CostUnits.Text);
        var each = target.Element.Name is "string" or "bytes" ? One.Plus(target.ElementSize.Times(CostUnits.Text)) : One;
        return target.Size.Times(each);
    }

    private static CelCostEstimate Search(CelCostEstimate text, CelCostEstimate pattern) =>
        text.Plus(One).Times(CostUnits.Text).Times(pattern.Times(CostUnits.Pattern));

    private static CelCostEstimate Equal(string name, Measure a, Measure b) => name == "_==_" && a.Type.Equals(b.Type) ? a.Type.Name switch
    {
        TypeNames.Ip or TypeNames.Cidr or TypeNames.Quantity or TypeNames.Semver => One,
        TypeNames.NamedFormat => new CelCostEstimate(1, 64).Times(CostUnits.Text),
        TypeNames.Url => new CelCostEstimate(1, b.Size == CelCostEstimate.Unknown ? 1 : b.Size.Max).Times(CostUnits.Text),
        _ => Smaller(a, b),
    }
    : Smaller(a, b);

    private static CelCostEstimate Smaller(Measure a, Measure b)
    {
        var most = Math.Min(a.Size.Max, b.Size.Max);
        return new CelCostEstimate(most > 0 ? 1UL : 0, most).Times(CostUnits.Text);
    }
}
