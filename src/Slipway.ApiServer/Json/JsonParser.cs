using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.ApiServer.Json;

/// <summary>Reads JSON text into the value space of <see cref="JsonMap"/>, noting members that are given twice.</summary>
internal static class JsonParser
{
    /// <summary>Deeper documents are refused: no Kubernetes object needs it and recursion must stay bounded.</summary>
    public const int MaxDepth = 256;

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = MaxDepth };

    /// <exception cref="JsonException">The text is not one JSON value, or lies outside the limits.</exception>
    public static object? Parse(ReadOnlySpan<byte> utf8, List<string>? duplicates = null)
    {
        var reader = new Utf8JsonReader(utf8, s_options);
        reader.Read();
        var value = Value(ref reader, duplicates, duplicates is null ? null : "");
        if (reader.Read()) throw new JsonException("text after the end of the document");
        return value;
    }

    public static JsonMap ParseMap(ReadOnlySpan<byte> utf8) =>
        Parse(utf8) as JsonMap ?? throw new JsonException("expected a JSON object");

    private static object? Value(ref Utf8JsonReader reader, List<string>? duplicates, string? path) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Map(ref reader, duplicates, path),
        JsonTokenType.StartArray => List(ref reader, duplicates, path),
        JsonTokenType.String => Text(ref reader),
        JsonTokenType.Number => Number(ref reader),
        JsonTokenType.True => Boxes.True,
        JsonTokenType.False => Boxes.False,
        _ => null,
    };

    private static JsonMap Map(ref Utf8JsonReader reader, List<string>? duplicates, string? path)
    {
        var map = new JsonMap();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = Name(ref reader);
            reader.Read();
            var inner = path is null ? null : path.Length == 0 ? name : path + "." + name;
            var value = Value(ref reader, duplicates, inner);
            if (!map.TryAdd(name, value))
            {
                duplicates?.Add(inner!);
                map[name] = value;
            }
        }

        return map;
    }

    private static JsonList List(ref Utf8JsonReader reader, List<string>? duplicates, string? path)
    {
        var list = new JsonList();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            list.Add(Value(ref reader, duplicates, path is null ? null : $"{path}[{list.Count}]"));
        return list;
    }

    private static string Name(ref Utf8JsonReader reader)
    {
        foreach (var known in s_names)
            if (known.Length == reader.ValueSpan.Length && reader.ValueTextEquals(known)) return known;
        return Text(ref reader);
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("invalid UTF-8 or an unpaired surrogate in a string", e);
        }
    }

    private static object Number(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole)) return whole;
        if (reader.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        throw new JsonException(string.Create(CultureInfo.InvariantCulture,
            $"number {Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 32)])} is out of range"));
    }

    // The members of every object: one string each for the process instead of one each for every read.
    private static readonly string[] s_names =
    [
        "apiVersion", "kind", "metadata", "spec", "status", "name", "namespace", "labels", "annotations", "uid", "type",
        "managedFields", "manager", "operation", "time", "fieldsV1", "fieldsType", "resourceVersion", "creationTimestamp",
    ];
}

/// <summary>Boxed constants, so that reading a boolean allocates nothing.</summary>
internal static class Boxes
{
    public static readonly object True = true;
    public static readonly object False = false;

    public static object Of(bool value) => value ? True : False;
}
