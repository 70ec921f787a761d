namespace Slipway.Cel;

/// <summary>What a value is at run time (CEL spec, "Values").</summary>
public enum CelKind
{
    /// <summary>null.</summary>
    Null,

    /// <summary>true or false.</summary>
    Bool,

    /// <summary>A signed 64-bit integer.</summary>
    Int,

    /// <summary>An unsigned 64-bit integer.</summary>
    Uint,

    /// <summary>An IEEE 754 double.</summary>
    Double,

    /// <summary>Unicode text.</summary>
    String,

    /// <summary>Octets.</summary>
    Bytes,

    /// <summary>An ordered list.</summary>
    List,

    /// <summary>A map from bool, int, uint or string.</summary>
    Map,

    /// <summary>A point in time, to the nanosecond.</summary>
    Timestamp,

    /// <summary>A length of time, to the nanosecond.</summary>
    Duration,

    /// <summary>A type, which is a value too.</summary>
    Type,

    /// <summary>A value that may be absent (CEL optional types).</summary>
    Optional,

    /// <summary>A value of a library: an IP address, a quantity, a version.</summary>
    Opaque,
}
