using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Api.Meta;

/// <summary>Writes times as Kubernetes does (metav1.Time): RFC 3339 in UTC with whole seconds, so that what comes back is what was sent.</summary>
internal sealed class TimestampConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}
