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
}

internal sealed class QuantityConverter : JsonConverter<Quantity>
{
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number
            ? new Quantity(System.Text.Encoding.UTF8.GetString(reader.ValueSpan))
            : new Quantity(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text);
}
