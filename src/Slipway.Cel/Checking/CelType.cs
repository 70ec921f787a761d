using Slipway.Cel.Checking;

namespace Slipway.Cel;

/// <summary>A type that the checker knows (CEL spec, "Type System"). Immutable; equal by structure.</summary>
public sealed class CelType : IEquatable<CelType>
{
    private CelType(string name, params CelType[] parameters) => (Name, Parameters) = (name, parameters);

    /// <summary>Any value; what it can do is decided at run time.</summary>
    public static CelType Dyn { get; } = new("dyn");

    /// <summary>bool.</summary>
    public static CelType Bool { get; } = new("bool");

    /// <summary>int.</summary>
    public static CelType Int { get; } = new("int");

    /// <summary>uint.</summary>
    public static CelType Uint { get; } = new("uint");

    /// <summary>double.</summary>
    public static CelType Double { get; } = new("double");

    /// <summary>string.</summary>
    public static CelType String { get; } = new("string");

    /// <summary>bytes.</summary>
    public static CelType Bytes { get; } = new("bytes");

    /// <summary>The type of null.</summary>
    public static CelType Null { get; } = new("null_type");

    /// <summary>A point in time.</summary>
    public static CelType Timestamp { get; } = new("google.protobuf.Timestamp");

    /// <summary>A length of time.</summary>
    public static CelType Duration { get; } = new("google.protobuf.Duration");

    /// <summary>The name without parameters: <c>list</c>, <c>int</c>, <c>net.IP</c>.</summary>
    public string Name { get; }

    /// <summary>The element type of a list, key and value types of a map, and so on.</summary>
    public IReadOnlyList<CelType> Parameters { get; }

    /// <summary>The fields of an object type; null for any other type.</summary>
    public IReadOnlyDictionary<string, CelType>? Fields { get; private init; }

    /// <summary>
    /// The most characters, octets, elements or entries that a value has, by which costs are estimated; 0 says nothing of a value that
    /// has no size. Types that differ only in it are equal.
    /// </summary>
    public long MaxSize { get; private init; }

    internal bool IsDyn => Name == "dyn";

    internal bool IsVariable => Name[0] == '<';

    /// <summary>A list of one element type.</summary>
    public static CelType List(CelType element) => new("list", element);

    /// <summary>A map.</summary>
    public static CelType Map(CelType key, CelType value) => new("map", key, value);

    /// <summary>A value of a type, or none.</summary>
    public static CelType Optional(CelType value) => new("optional_type", value);

    /// <summary>The type of a type.</summary>
    public static CelType TypeOf(CelType type) => new("type", type);

    /// <summary>A library's type by its name.</summary>
    public static CelType Named(string name, params CelType[] parameters) => new(name, parameters);

    /// <summary>
    /// An object whose fields are known, such as a structural schema describes: another field is an issue when compiling.
    /// Its values are maps with string keys. Two object types are one when they have one name.
    /// </summary>
    public static CelType Object(string name, IReadOnlyDictionary<string, CelType> fields) => new(name) { Fields = fields };

    /// <summary>The same type with a bound on the size of its values.</summary>
    public CelType WithMaxSize(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return new CelType(Name, [.. Parameters]) { Fields = Fields, MaxSize = size };
    }

    /// <summary>Reads the form that <see cref="ToString"/> writes: <c>map(string, list(dyn))</c>, <c>timestamp</c>, <c>wrapper(int)</c>.</summary>
    /// <exception cref="FormatException">The text is no type.</exception>
    public static CelType Parse(string text) => new TypeReader(text).Whole();

    /// <summary>As issues name types, where the well-known ones have short names.</summary>
    internal string Shown() => Name switch
    {
        "null_type" => "null",
        "google.protobuf.Timestamp" => "timestamp",
        "google.protobuf.Duration" => "duration",
        _ => Parameters.Count == 0 ? Name : $"{Name}({string.Join(", ", Parameters.Select(p => p.Shown()))})",
    };

    /// <inheritdoc/>
    public bool Equals(CelType? other) => other is not null && other.Name == Name && other.Parameters.SequenceEqual(Parameters);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CelType);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Parameters.Count == 0 ? Name : $"{Name}({string.Join(", ", Parameters)})";
}
