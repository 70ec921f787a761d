using System.Globalization;
using System.Text;

namespace Slipway.Cel.Values;

internal sealed class NullValue : CelValue
{
    public override CelKind Kind => CelKind.Null;

    public override CelType Type => CelType.Null;

    public override object? ToPlain() => null;

    public override int GetHashCode() => 0;

    public override string ToString() => "null";

    internal override bool IsEqual(CelValue other) => other is NullValue;
}

internal sealed class BoolValue : CelValue
{
    public static readonly BoolValue True = new(true);
    public static readonly BoolValue False = new(false);

    private BoolValue(bool value) => Value = value;

    public bool Value { get; }

    public override CelKind Kind => CelKind.Bool;

    public override CelType Type => CelType.Bool;

    public static BoolValue Of(bool value) => value ? True : False;

    public override object ToPlain() => Value;

    public override int GetHashCode() => Value ? 1 : 2;

    public override string ToString() => Value ? "true" : "false";

    internal override bool IsEqual(CelValue other) => ReferenceEquals(this, other);
}

/// <summary>Equality and hash codes across the three numeric kinds.</summary>
internal abstract class NumberValue : CelValue
{
    public abstract double AsDouble { get; }

    // Equal numbers of different kinds need equal hashes, and -0.0 equals 0.0. All bits are hashed with the process's seed, so that
    // nobody can choose numbers that collide.
    public sealed override int GetHashCode()
    {
        var bits = BitConverter.DoubleToInt64Bits(AsDouble + 0.0);
        return HashCode.Combine((int)bits, (int)(bits >> 32));
    }

    internal sealed override bool IsEqual(CelValue other) => other is NumberValue && Ordering.Compare(this, other) == 0;
}

internal sealed class IntValue(long value) : NumberValue
{
    public long Value { get; } = value;

    public override CelKind Kind => CelKind.Int;

    public override CelType Type => CelType.Int;

    public override double AsDouble => Value;

    public override object ToPlain() => Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal sealed class UintValue(ulong value) : NumberValue
{
    public ulong Value { get; } = value;

    public override CelKind Kind => CelKind.Uint;

    public override CelType Type => CelType.Uint;

    public override double AsDouble => Value;

    public override object ToPlain() => Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

internal sealed class DoubleValue(double value) : NumberValue
{
    public double Value { get; } = value;

    public override CelKind Kind => CelKind.Double;

    public override CelType Type => CelType.Double;

    public override double AsDouble => Value;

    public override object ToPlain() => Value;

    public override string ToString() => Doubles.Shortest(Value);
}

internal sealed class StringValue(string value) : CelValue
{
    public string Value { get; } = value;

    public override CelKind Kind => CelKind.String;

    public override CelType Type => CelType.String;

    internal override long Weight => 1 + Value.Length / 10;

    public override object ToPlain() => Value;

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value;

    internal override bool IsEqual(CelValue other) => other is StringValue s && s.Value == Value;
}

internal sealed class BytesValue(byte[] value) : CelValue
{
    public byte[] Value { get; } = value;

    public override CelKind Kind => CelKind.Bytes;

    public override CelType Type => CelType.Bytes;

    internal override long Weight => 1 + Value.Length / 10;

    public override object ToPlain() => Value.ToArray();

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Value);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Value);

    internal override bool IsEqual(CelValue other) => other is BytesValue b && b.Value.AsSpan().SequenceEqual(Value);
}

internal sealed class TypeValue(CelType type) : CelValue
{
    public CelType Value { get; } = type;

    public override CelKind Kind => CelKind.Type;

    public override CelType Type => CelType.TypeOf(CelType.Dyn);

    public override object ToPlain() => Value.Name;

    public override int GetHashCode() => Value.Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value.Name;

    // Run-time types have no parameters: list, not list(int).
    internal override bool IsEqual(CelValue other) => other is TypeValue t && t.Value.Name == Value.Name;
}

internal sealed class OptionalValue : CelValue
{
    public static readonly OptionalValue None = new(null);

    private OptionalValue(CelValue? value) => Value = value;

    public CelValue? Value { get; }

    public override CelKind Kind => CelKind.Optional;

    public override CelType Type => CelType.Optional(CelType.Dyn);

    internal override long Weight => 1 + (Value?.Weight ?? 0);

    public static OptionalValue Of(CelValue value) => new(value);

    public override object? ToPlain() => Value?.ToPlain();

    public override int GetHashCode() => Value?.GetHashCode() ?? 3;

    public override string ToString() => Value is null ? "optional.none()" : $"optional({Value})";

    internal override bool IsEqual(CelValue other) => other is OptionalValue o && (Value is null ? o.Value is null : o.Value is not null && Value.IsEqual(o.Value));
}

/// <summary>A value of a library, equal to others of its type by the library's rule.</summary>
internal abstract class OpaqueValue(string typeName) : CelValue
{
    public string TypeName { get; } = typeName;

    public sealed override CelKind Kind => CelKind.Opaque;

    public sealed override CelType Type => CelType.Named(TypeName);

    public sealed override object ToPlain() => ToString()!;
}
