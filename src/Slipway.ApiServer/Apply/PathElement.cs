using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Apply;

/// <summary>Makes and reads the elements of <c>fieldsV1</c> paths.</summary>
internal static class PathElement
{
    public static string Field(string name) => "f:" + name;

    public static bool IsValid(string element) => element.Length >= 2 && element[1] == ':' && element[0] is 'f' or 'k' or 'v' or 'i';

    public static int Rank(string element) => element[0] switch
    {
        'f' => 0,
        'k' => 1,
        'v' => 2,
        _ => 3,
    };

    /// <summary>Names an item of an associative list: its keys for a map, its value for a set.</summary>
    public static string Item(object? item, Schema list)
    {
        if (list.ListKind is ListKind.Set) return "v:" + JsonText.Of(item);
        var keys = new JsonMap();
        foreach (var key in list.MapKeys.Order(StringComparer.Ordinal))
        {
            if (item is JsonMap map && map.TryGetValue(key, out var value)) keys[key] = value;
            else if (list.Items?.Properties.GetValueOrDefault(key) is { HasDefault: true } property) keys[key] = property.Default;
        }

        return "k:" + JsonText.Of(keys);
    }

    public static string Show(string element)
    {
        var rest = element[2..];
        return element[0] switch
        {
            'f' => "." + rest,
            'k' => ShowKeys(rest),
            'v' => $"[={rest}]",
            _ => string.Create(CultureInfo.InvariantCulture, $"[{rest}]"),
        };
    }

    private static string ShowKeys(string json)
    {
        try
        {
            var keys = JsonParser.ParseMap(Encoding.UTF8.GetBytes(json));
            return $"[{string.Join(",", keys.Select(k => $"{k.Key}={JsonText.Of(k.Value)}"))}]";
        }
        catch (JsonException)
        {
            return $"[{json}]";
        }
    }
}
