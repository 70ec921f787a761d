using System.Text.Json;

namespace Slipway.Models.Hub.Search;

/// <summary>The part <c>config</c> of a row: what the hub repeats of a model's config.json.</summary>
internal static class ConfigExcerpt
{
    private const int MaxName = 100;

    /// <summary>The first architecture and the quantisation's method; null where it names none.</summary>
    public static (string? Architecture, string? Quantisation) Read(ref Utf8JsonReader json)
    {
        string? architecture = null, quantisation = null;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return default;
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isArchitectures, isQuantisation) = (json.ValueTextEquals("architectures"u8), json.ValueTextEquals("quantization_config"u8));
            json.Read();
            if (isArchitectures && json.TokenType == JsonTokenType.StartArray) architecture = First(ref json);
            else if (isQuantisation && json.TokenType == JsonTokenType.StartObject) quantisation = Method(ref json);
            else json.Skip();
        }

        return (architecture, quantisation);
    }

    private static string? First(ref Utf8JsonReader json)
    {
        string? first = null;
        for (var place = 0; json.Read() && json.TokenType != JsonTokenType.EndArray; place++)
        {
            if (place == 0) first = JsonText.Text(ref json, MaxName);
            else json.Skip();
        }

        return first;
    }

    private static string? Method(ref Utf8JsonReader json)
    {
        string? method = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isMethod = json.ValueTextEquals("quant_method"u8);
            json.Read();
            if (isMethod) method = JsonText.Text(ref json, MaxName);
            else json.Skip();
        }

        return method;
    }
}
