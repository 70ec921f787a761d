using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Api.Meta;

/// <summary>A Kubernetes quantity such as `100Gi`, as written: a string, or a bare number.</summary>
/// <param name="Text">The quantity's text.</param>
[JsonConverter(typeof(QuantityConverter))]
public readonly record struct Quantity(string Text)
{
    /// <summary>The pattern that a quantity's text matches (Kubernetes' resource.Quantity).</summary>
    public const string Pattern =
        @"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$";

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The number that it stands for, in the unit of what is counted: `1Ki` is 1024.</summary>
    /// <returns>The number; <see langword="null"/> for what is no quantity, or beyond what a decimal holds.</returns>
    public decimal? Amount()
    {
        if (Text is not { Length: > 0 and <= 64 }) return null;
        var end = Text.Length;
        while (end > 0 && !char.IsAsciiDigit(Text[end - 1]) && Text[end - 1] != '.') end--;
        var suffix = Text[end..];
        var factor = Array.Find(s_factors, f => f.Suffix == suffix).Factor;
        if (factor == 0 || !decimal.TryParse(Text[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return null;
        // Beyond it lie sizes that nothing has.
        return Math.Abs(number) < 1e9m ? number * factor : factor <= 1e9m && Math.Abs(number) < 1e18m ? number * factor : null;
    }

    private static readonly (string Suffix, decimal Factor)[] s_factors =
    [
        ("", 1), ("n", 1e-9m), ("u", 1e-6m), ("m", 1e-3m), ("k", 1e3m), ("M", 1e6m), ("G", 1e9m), ("T", 1e12m), ("P", 1e15m), ("E", 1e18m),
        ("Ki", 1L << 10), ("Mi", 1L << 20), ("Gi", 1L << 30), ("Ti", 1L << 40), ("Pi", 1L << 50), ("Ei", 1L << 60),
    ];
}

/// <summary>Reads and writes quantities as Kubernetes does: a string, or when read a bare number too.</summary>
public sealed class QuantityConverter : JsonConverter<Quantity>
{
    /// <inheritdoc/>
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? new Quantity(System.Text.Encoding.UTF8.GetString(reader.ValueSpan))
            : new Quantity(reader.GetString() ?? "");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
