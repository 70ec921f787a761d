using System.Globalization;
using System.Text.Json;
using Slipway.Cel.Libraries;
using Slipway.Cel.Values;

namespace Slipway.Cel.Tests.Conformance;

/// <summary>Reads the corpus' tagged values, and compares without CEL's equality across numeric kinds.</summary>
internal static class TaggedValues
{
    public static CelValue Read(JsonElement tagged)
    {
        var (tag, v) = tagged.EnumerateObject().Select(p => (p.Name, p.Value)).Single();
        return tag switch
        {
            "int64" => CelValue.From(v.GetInt64()),
            "uint64" => CelValue.From(v.GetUInt64()),
            "double" => CelValue.From(v.ValueKind == JsonValueKind.String ? double.Parse(v.GetString()!, CultureInfo.InvariantCulture) : v.GetDouble()),
            "bool" => CelValue.From(v.GetBoolean()),
            "string" => CelValue.From(v.GetString()!),
            "bytesBase64" => CelValue.From(v.GetBytesFromBase64()),
            "null" => CelValue.Null,
            "list" => new ListValue([.. v.EnumerateArray().Select(Read)]),
            "map" => new MapValue(v.EnumerateArray().ToDictionary(e => Read(e[0]), e => Read(e[1]))),
            "timestamp" => TimeText.Timestamp(v.GetString()!)!,
            "duration" => TimeText.Duration(v.GetString()!)!,
            "type" => new TypeValue(CelType.Parse(v.GetString()!)),
            "optional" => v.ValueKind == JsonValueKind.Null ? OptionalValue.None : OptionalValue.Of(Read(v)),
            "object" => Object(v.GetProperty("type").GetString()!, v.GetProperty("string").GetString()!),
            _ => throw new NotSupportedException(tag),
        };
    }

    private static CelValue Object(string type, string text) => type switch
    {
        TypeNames.Ip => IpValue.Parse(text).Value!,
        TypeNames.Cidr => CidrValue.Parse(text).Value!,
        TypeNames.Quantity => QuantityValue.Parse(text).Value!,
        TypeNames.Semver => SemverValue.Parse(text, normalize: false)!,
        _ => throw new NotSupportedException(type),
    };

    public static bool Same(CelValue expected, CelValue actual)
    {
        if (expected.Kind != actual.Kind) return false;
        return (expected, actual) switch
        {
            (DoubleValue a, DoubleValue b) => a.Value.Equals(b.Value),
            (ListValue a, ListValue b) => a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(p => Same(p.First, p.Second)),
            (MapValue a, MapValue b) => a.Entries.Count == b.Entries.Count
                && a.Entries.All(e => b.Entries.TryGetValue(e.Key, out var value) && b.Entries.Keys.Any(k => Same(e.Key, k)) && Same(e.Value, value)),
            _ => expected.Equals(actual),
        };
    }
}
