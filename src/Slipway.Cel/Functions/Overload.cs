using Slipway.Cel.Checking;
using Slipway.Cel.Cost;
using Slipway.Cel.Values;

namespace Slipway.Cel.Functions;

/// <summary>The work of one overload; arguments are of the declared kinds and never errors.</summary>
internal delegate CelValue FunctionBody(ReadOnlySpan<CelValue> arguments);

/// <summary>How the work of a call grows with its arguments.</summary>
internal enum CallCost
{
    /// <summary>With the size of each.</summary>
    Linear,

    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>With the product of the first two: text looked for in text.</summary>
    Search,

    /// <summary>As a search, and the pattern may have to be compiled first.</summary>
    Pattern,
}

/// <summary>One way to call a function, for the checker (types) and for evaluation (kinds at run time) alike.</summary>
internal sealed class Overload
{
    private Overload(string name, bool member, bool variadic, CelType[] parameters, CelType result, FunctionBody body, CallCost cost)
    {
        (Name, IsMember, IsVariadic, Parameters, Result, Body, Cost) = (name, member, variadic, parameters, result, body, cost);
        Units = CallUnits.For(name, member, parameters);
    }

    public string Name { get; }

    public bool IsMember { get; }

    /// <summary>The last parameter repeats, once or more.</summary>
    public bool IsVariadic { get; }

    public CelType[] Parameters { get; }

    public CelType Result { get; }

    public FunctionBody Body { get; }

    public CallCost Cost { get; }

    /// <summary>What a call costs in Kubernetes' units.</summary>
    public UnitsOfCall Units { get; }

    /// <summary>Reads <c>name(this string, list(&lt;T&gt;)): bool</c>; <c>this</c> marks a method's receiver, <c>...</c> a repeated parameter.</summary>
    public static Overload Declare(string signature, FunctionBody body, CallCost cost = CallCost.Linear)
    {
        var reader = new TypeReader(signature);
        var name = reader.Take("`") ? Operator(reader, signature) : reader.Word();
        reader.Expect("(");
        var member = reader.Take("this ");
        List<CelType> parameters = [];
        var variadic = false;
        if (!reader.Take(")"))
        {
            do
            {
                parameters.Add(reader.Read());
                variadic = reader.Take("…");
            }
            while (reader.Take(","));
            reader.Expect(")");
        }

        reader.Expect(":");
        return new Overload(name, member, variadic, [.. parameters], reader.Whole(), body, cost);
    }

    public bool Takes(int count) => IsVariadic ? count >= Parameters.Length : count == Parameters.Length;

    public CelType Parameter(int index) => Parameters[Math.Min(index, Parameters.Length - 1)];

    public bool Matches(ReadOnlySpan<CelValue> arguments)
    {
        if (!Takes(arguments.Length)) return false;
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!IsOf(arguments[i], Parameter(i))) return false;
        }

        return true;
    }

    private static bool IsOf(CelValue value, CelType type)
    {
        if (type.IsVariable || type.IsDyn) return true;
        return value switch
        {
            ListValue => type.Name == "list",
            MapValue => type.Name == "map",
            TypeValue => type.Name == "type",
            OptionalValue => type.Name == "optional_type",
            OpaqueValue opaque => type.Name == opaque.TypeName,
            _ => ReferenceEquals(value.Type, type),
        };
    }

    private static string Operator(TypeReader reader, string signature)
    {
        var name = signature[1..signature.IndexOf('`', 1)];
        reader.Expect(name);
        reader.Expect("`");
        return name;
    }
}
