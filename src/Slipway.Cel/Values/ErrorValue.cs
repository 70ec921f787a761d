namespace Slipway.Cel.Values;

/// <summary>An evaluation error on its way up; logic operators may absorb it, a result carries its message.</summary>
internal sealed class ErrorValue(string message) : CelValue
{
    public const CelKind ErrorKind = (CelKind)(-1);

    public string Message { get; } = message;

    public override CelKind Kind => ErrorKind;

    public override CelType Type => CelType.Dyn;

    public override object ToPlain() => Message;

    public override int GetHashCode() => Message.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Message;

    internal override bool IsEqual(CelValue other) => ReferenceEquals(this, other);

    public static ErrorValue NoSuchKey(CelValue key) => new($"no such key: {key}");

    public static ErrorValue NoOverload(string function) => new($"no such overload: {function}");

    public static readonly ErrorValue IntOverflow = new("integer overflow");

    public static readonly ErrorValue TimestampRange = new("timestamp out of range");

    public static readonly ErrorValue DurationRange = new("duration out of range");
}
