using System.Text.Json;

namespace Slipway.Runtimes.Objects;

/// <summary>Reads observed objects, whose every field may be absent.</summary>
public static class ObservedObject
{
    /// <summary>Follows a path of property names.</summary>
    /// <param name="value">Where it starts.</param>
    /// <param name="path">The names.</param>
    /// <returns>What is there; <see langword="null"/> when some part is absent, null or no object.</returns>
    public static JsonElement? At(this JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        }

        return value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : value;
    }

    /// <summary>The text at a path.</summary>
    /// <inheritdoc cref="At"/>
    /// <returns>The text; <see langword="null"/> when there is none.</returns>
    public static string? Text(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The whole number at a path.</summary>
    /// <inheritdoc cref="At"/>
    /// <returns>The number; <see langword="null"/> when there is none.</returns>
    public static int? Number(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.At(path) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var whole) ? whole : null;

    /// <summary>The items of the list at a path.</summary>
    /// <inheritdoc cref="At"/>
    /// <returns>The items; none when there is no list.</returns>
    public static IEnumerable<JsonElement> Items(this JsonElement value, params ReadOnlySpan<string> path) =>
        value.At(path) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    /// <summary>Whether the status speaks of what is wanted now: `status.observedGeneration` against `metadata.generation`.</summary>
    /// <param name="value">The object.</param>
    /// <returns>Whether it does; also <see langword="true"/> for an object without either.</returns>
    public static bool IsCurrent(this JsonElement value) =>
        value.Number("metadata", "generation") is not { } wanted || (value.Number("status", "observedGeneration") ?? wanted) >= wanted;

    /// <summary>A condition of the object's status.</summary>
    /// <param name="value">The object.</param>
    /// <param name="type">The condition's type.</param>
    /// <returns>The condition; <see langword="null"/> when there is none of that type.</returns>
    public static ObservedCondition? Condition(this JsonElement value, string type)
    {
        if (value.At("status", "conditions") is not { ValueKind: JsonValueKind.Array } conditions) return null;
        foreach (var condition in conditions.EnumerateArray())
        {
            if (condition.Text("type") == type)
                return new ObservedCondition(condition.Text("status") ?? "Unknown", condition.Text("reason") ?? "", condition.Text("message") ?? "");
        }

        return null;
    }
}

/// <summary>A condition of an observed object.</summary>
/// <param name="Status">True, False or Unknown.</param>
/// <param name="Reason">The reason; empty when not said.</param>
/// <param name="Message">The message; empty when not said.</param>
public sealed record ObservedCondition(string Status, string Reason, string Message)
{
    /// <summary>Whether it holds.</summary>
    public bool IsTrue => Status == "True";

    /// <summary>Whether it does not hold.</summary>
    public bool IsFalse => Status == "False";
}
