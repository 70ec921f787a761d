using Slipway.Cel.Libraries;
using Slipway.Cel.Values;

namespace Slipway.Cel.Cost;

/// <summary>What a call cost once it was made (k8s.io/apiserver, pkg/cel/library, and cel-go's runtime cost).</summary>
internal delegate long UnitsOfCall(ReadOnlySpan<CelValue> arguments, CelValue result);

/// <summary>Chooses how a call is counted.</summary>
internal static class CallUnits
{
    private static readonly UnitsOfCall s_one = (_, _) => 1;

    public static UnitsOfCall For(string name, bool member, IReadOnlyList<CelType> parameters) => name switch
    {
        "isSorted" or "sum" or "max" or "min" or "indexOf" or "lastIndexOf" when member => (a, _) => Walk(a[0]),
        "url" or "lowerAscii" or "upperAscii" or "substring" or "trim" or "cidr" or "isIP" or "isCIDR" or "quantity" or "isQuantity" or "semver" or "isSemver"
            or "startsWith" or "endsWith" or "strings.quote" or "format" => (a, _) => Text(Size(a[0])),
        "ip" when !member => (a, _) => Text(Size(a[0])),
        "bytes" or "string" when parameters[0].Name is "string" or "bytes" && parameters[0].Name != name => (a, _) => Text(Size(a[0])),
        "replace" or "split" or "ip.isCanonical" => (a, _) => Text(2 * Size(a[0])),
        "join" => (_, result) => Text(2 * Size(result)),
        "find" or "findAll" or "matches" => (a, _) => Search(Size(a[0]), Size(a[1])),
        "contains" => (a, _) => Text(Size(a[0])) * Text(Size(a[1])),
        "validate" => (a, _) => Search(Size(a[1]), (long)CostUnits.NamedPattern),
        "containsIP" or "containsCIDR" => (a, _) => 5 + (a[1] is StringValue ? Text(Size(a[1])) : 0),
        "@in" when parameters[1].Name == "list" => (a, _) => Size(a[1]),
        "_==_" or "_!=_" => (a, _) => a[0] is OpaqueValue ? 1 : Text(Math.Min(Size(a[0]), Size(a[1]))),
        "_<_" or "_<=_" or "_>_" or "_>=_" when parameters[0].Name is "string" or "bytes" => (a, _) => Text(Math.Min(Size(a[0]), Size(a[1]))),
        "_+_" when parameters is [{ Name: "string" or "bytes" }, _] => (a, _) => Text(Size(a[0]) + Size(a[1])),
        "sets.contains" or "sets.intersects" => (a, _) => 1 + Size(a[0]) * Size(a[1]),
        "sets.equivalent" => (a, _) => 1 + 2 * Size(a[0]) * Size(a[1]),
        "slice" or "reverse" or "lists.range" when parameters[0].Name != "string" => (_, result) => 1 + (long)CostUnits.List + Size(result),
        "flatten" => (a, _) => 1 + (long)CostUnits.List + Size(a[0]) * (a.Length == 2 ? Math.Clamp(a[1].Int(), 0, 1_000) : 1),
        "distinct" or "sort" => (a, _) => 1 + (long)CostUnits.List + 2 * Size(a[0]) * Size(a[0]),
        _ => s_one,
    };

    /// <summary>Characters, octets, elements or entries; one for anything else.</summary>
    public static long Size(CelValue value) => value switch
    {
        StringValue text => CodePoints.Count(text.Value),
        BytesValue bytes => bytes.Value.Length,
        ListValue list => list.Count,
        MapValue map => map.Count,
        OptionalValue { Value: { } inner } => Size(inner),
        _ => 1,
    };

    public static long Text(long size) => (long)Math.Ceiling(size * CostUnits.Text);

    private static long Search(long text, long pattern) => Text(text + 1) * (long)Math.Ceiling(pattern * CostUnits.Pattern);

    private static long Walk(CelValue value) => value switch
    {
        StringValue text => (long)(text.Value.Length * CostUnits.Text),
        BytesValue bytes => (long)(bytes.Value.Length * CostUnits.Text),
        ListValue list => list.Items.Sum(Walk),
        MapValue map => map.Entries.Sum(e => Walk(e.Key) + Walk(e.Value)),
        _ => 1,
    };
}
