using System.Text.Json;
using Slipway.Cel.Libraries;
using Slipway.Cel.Values;

namespace Slipway.Cel;

/// <summary>
/// An immutable value. Equality is CEL's: numbers compare across int, uint and double, lists and maps by content (CEL spec, "Equality").
/// </summary>
public abstract class CelValue : IEquatable<CelValue>
{
    private protected CelValue()
    {
    }

    /// <summary>null.</summary>
    public static CelValue Null { get; } = new NullValue();

    /// <summary>What the value is.</summary>
    public abstract CelKind Kind { get; }

    /// <summary>The run-time type, as <c>type(x)</c> answers it.</summary>
    public abstract CelType Type { get; }

    /// <summary>Roughly how many steps a walk over the value takes; shared parts count each time they are reached.</summary>
    internal virtual long Weight => 1;

    /// <summary>A bool.</summary>
    public static CelValue From(bool value) => value ? BoolValue.True : BoolValue.False;

    /// <summary>An int.</summary>
    public static CelValue From(long value) => new IntValue(value);

    /// <summary>A uint.</summary>
    public static CelValue From(ulong value) => new UintValue(value);

    /// <summary>A double.</summary>
    public static CelValue From(double value) => new DoubleValue(value);

    /// <summary>A string.</summary>
    public static CelValue From(string value) => new StringValue(value);

    /// <summary>Bytes, copied.</summary>
    public static CelValue From(ReadOnlySpan<byte> value) => new BytesValue(value.ToArray());

    /// <summary>A timestamp.</summary>
    public static CelValue From(DateTimeOffset value) => TimestampValue.At(value);

    /// <summary>A duration.</summary>
    /// <exception cref="OverflowException">The span is longer than 292 years.</exception>
    public static CelValue From(TimeSpan value) => new DurationValue(checked(value.Ticks * 100));

    /// <summary>A list.</summary>
    public static CelValue From(IEnumerable<CelValue> elements) => new ListValue([.. elements]);

    /// <summary>
    /// A list of type set, as Kubernetes' schemas know it: equality ignores order, and + adds what is missing
    /// (KEP-2876, "Set and map lists").
    /// </summary>
    public static CelValue FromSet(IEnumerable<CelValue> elements) => new ListValue([.. elements.Distinct()], isSet: true);

    /// <summary>A map with string keys.</summary>
    /// <exception cref="ArgumentException">A key comes twice.</exception>
    public static CelValue From(IEnumerable<KeyValuePair<string, CelValue>> entries)
    {
        var map = new Dictionary<CelValue, CelValue>();
        foreach (var (key, value) in entries) map.Add(new StringValue(key), value);
        return new MapValue(map);
    }

    /// <summary>A map that is read where it is, as far as a rule looks at it.</summary>
    public static CelValue From(ICelMap source) => new MapValue(source ?? throw new ArgumentNullException(nameof(source)));

    /// <summary>A list that is read where it is, as far as a rule looks at it.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="isSet">Whether it is a set, as <see cref="FromSet"/> makes one.</param>
    /// <param name="keys">
    /// The members by which the elements, which are maps then, are told apart, as in a list of type map of a Kubernetes schema:
    /// equality ignores order, and + replaces the element of the same key.
    /// </param>
    public static CelValue From(ICelList source, bool isSet = false, IReadOnlyList<string>? keys = null) =>
        new ListValue(source ?? throw new ArgumentNullException(nameof(source)), isSet, keys);

    /// <summary>What ends an evaluation that uses it, with this message: a part of a source that is no value.</summary>
    public static CelValue Failure(string message) => new ErrorValue(message);

    /// <summary>A timestamp of RFC 3339; null when the text is none.</summary>
    public static CelValue? ParseTimestamp(string text) => TimeText.Timestamp(text) as TimestampValue;

    /// <summary>A duration as numbers with units, such as 1h30m; null when the text is none.</summary>
    public static CelValue? ParseDuration(string text) => TimeText.Duration(text) as DurationValue;

    /// <summary>An optional value; null for none.</summary>
    public static CelValue Optional(CelValue? value) => value is null ? OptionalValue.None : OptionalValue.Of(value);

    /// <summary>
    /// The value of a JSON document: a number written without fraction or exponent that fits 64 bits is an int, any other a double; an
    /// object is a map with string keys, in which the last of equal keys wins.
    /// </summary>
    public static CelValue FromJson(JsonElement element) => JsonValues.Read(element);

    /// <summary>
    /// As plain .NET: null, bool, long, ulong, double, string, byte[], <see cref="DateTimeOffset"/> (to 100 ns),
    /// <see cref="TimeSpan"/>, lists of object, dictionaries from object; an absent optional is null, other values are their text.
    /// </summary>
    public abstract object? ToPlain();

    /// <inheritdoc/>
    public bool Equals(CelValue? other) => other is not null && IsEqual(other);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => obj is CelValue other && IsEqual(other);

    /// <inheritdoc/>
    public abstract override int GetHashCode();

    internal abstract bool IsEqual(CelValue other);
}
