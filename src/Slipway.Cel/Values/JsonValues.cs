using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Slipway.Cel.Values;

internal static class JsonValues
{
    public static CelValue Read(JsonElement element)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return element.ValueKind switch
        {
            JsonValueKind.Null => CelValue.Null,
            JsonValueKind.True => BoolValue.True,
            JsonValueKind.False => BoolValue.False,
            JsonValueKind.String => new StringValue(element.GetString()!),
            JsonValueKind.Number => element.TryGetInt64(out var whole) ? new IntValue(whole) : new DoubleValue(element.GetDouble()),
            JsonValueKind.Array => Array(element),
            JsonValueKind.Object => Object(element),
            _ => throw new ArgumentException("an undefined JSON element has no value", nameof(element)),
        };
    }

    private static ListValue Array(JsonElement element)
    {
        var items = new CelValue[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray()) items[i++] = Read(item);
        return new ListValue(items);
    }

    private static MapValue Object(JsonElement element)
    {
        var map = new Dictionary<CelValue, CelValue>();
        foreach (var property in element.EnumerateObject()) map[new StringValue(property.Name)] = Read(property.Value);
        return new MapValue(map);
    }
}
