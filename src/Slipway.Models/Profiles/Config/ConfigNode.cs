using System.Text.Json;

namespace Slipway.Models.Profiles.Config;

/// <summary>Reads fields of a config.json object by any of the names that architectures give them. Wrong types and absurd numbers read as absent.</summary>
internal readonly record struct ConfigNode(JsonElement Element)
{
    /// <summary>More than any width, count or vocabulary of a real model by far, and small enough that products of three stay in 64 bits with care.</summary>
    public const int MaxCount = 1 << 24;

    private bool IsObject => Element.ValueKind == JsonValueKind.Object;

    /// <summary>The first of the names that holds a positive whole number.</summary>
    public int? Count(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Whole(name) is > 0 and <= MaxCount and var value) return (int)value;
        }

        return null;
    }

    /// <summary>The first of the names that holds a whole number, zero included; negative ones read as absent.</summary>
    public long? Whole(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { ValueKind: JsonValueKind.Number } found && Whole(found) is >= 0 and var value) return value;
        }

        return null;
    }

    /// <summary>A number of any kind.</summary>
    public double? Number(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } found && found.TryGetDouble(out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The first of the names that holds a text; empty when none does.</summary>
    public string Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { ValueKind: JsonValueKind.String } found && found.GetString() is { Length: > 0 and <= 4096 } text) return text;
        }

        return "";
    }

    /// <summary>A flag; null when absent.</summary>
    public bool? Flag(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } found) return found.GetBoolean();
        }

        return null;
    }

    /// <summary>Whether a field is there and not null.</summary>
    public bool Has(string name) => Find(name) is { ValueKind: not JsonValueKind.Null };

    /// <summary>The first of the names that holds an object.</summary>
    public ConfigNode? Child(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { ValueKind: JsonValueKind.Object } found) return new ConfigNode(found);
        }

        return null;
    }

    /// <summary>Texts of a list, up to a limit; null when there is no such list.</summary>
    public IReadOnlyList<string>? Texts(string name, int limit) => Items(name, limit) is { } items
        ? [.. items.Where(static i => i.ValueKind == JsonValueKind.String).Select(static i => i.GetString()!)]
        : null;

    /// <summary>Whole numbers of a list, up to a limit; null when there is no such list. Booleans count as 1 and 0.</summary>
    public IReadOnlyList<long>? Numbers(string name, int limit) => Items(name, limit) is { } items
        ? [.. items.Select(static i => i.ValueKind switch { JsonValueKind.Number => Whole(i) ?? 0, JsonValueKind.True => 1, _ => 0L })]
        : null;

    /// <summary>Objects of a list, up to a limit; null when there is no such list.</summary>
    public IReadOnlyList<ConfigNode>? Children(string name, int limit) => Items(name, limit) is { } items
        ? [.. items.Select(static i => new ConfigNode(i))]
        : null;

    private IEnumerable<JsonElement>? Items(string name, int limit) =>
        Find(name) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray().Take(limit) : null;

    private JsonElement? Find(string name) => IsObject && Element.TryGetProperty(name, out var found) ? found : null;

    private static long? Whole(JsonElement element) =>
        element.TryGetInt64(out var value) ? value
        : element.TryGetDouble(out var real) && Math.Abs(real) < 1e15 && Math.Floor(real) == real ? (long)real
        : null;
}
