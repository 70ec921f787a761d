using System.Collections.Immutable;
using System.Text.Json;

namespace Slipway.Capacity.Inventory.Kubernetes;

/// <summary>Readers of JSON that take what is not there, or is of another kind, for nothing.</summary>
internal static class Json
{
    public static JsonElement At(this JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json)) return default;
        }

        return json;
    }

    public static string Text(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() ?? "" : "";

    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.At(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static ImmutableDictionary<string, string> Labels(this JsonElement json)
    {
        if (json.At("metadata", "labels") is not { ValueKind: JsonValueKind.Object } labels) return ImmutableDictionary<string, string>.Empty;
        var read = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var label in labels.EnumerateObject())
        {
            if (label.Value.ValueKind == JsonValueKind.String) read[label.Name] = label.Value.GetString()!;
        }

        return read.ToImmutable();
    }

    /// <summary>A resource list: <c>cpu</c>, <c>memory</c>, and every resource with a domain.</summary>
    public static ResourceAmounts Amounts(this JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Object) return ResourceAmounts.None;
        long cpu = 0, memory = 0;
        var extended = ImmutableArray.CreateBuilder<KeyValuePair<string, long>>();
        foreach (var entry in list.EnumerateObject())
        {
            var text = entry.Value.ValueKind switch { JsonValueKind.String => entry.Value.GetString()!, JsonValueKind.Number => entry.Value.GetRawText(), _ => "" };
            if (entry.NameEquals("cpu")) cpu = QuantityReader.Thousandths(text);
            else if (entry.NameEquals("memory")) memory = QuantityReader.Units(text);
            else if (entry.Name.Contains('/', StringComparison.Ordinal)) extended.Add(KeyValuePair.Create(entry.Name, QuantityReader.Units(text)));
        }

        return new ResourceAmounts(cpu, memory, extended.DrainToImmutable());
    }
}
