using System.Diagnostics.CodeAnalysis;
using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>A value, or why there is none.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="Value">The value; null when there is none.</param>
/// <param name="Error">Why not, and what to do; null when there is one.</param>
public readonly record struct HubAnswer<T>(T? Value, ModelError? Error)
    where T : class
{
    /// <summary>Whether there is a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="error">Why there is none.</param>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ModelError? error)
    {
        (value, error) = (Value, Error);
        return value is not null;
    }

    /// <summary>An answer with a value.</summary>
    public static implicit operator HubAnswer<T>(T value) => new(value, null);

    /// <summary>An answer without one.</summary>
    public static implicit operator HubAnswer<T>(ModelError error) => new(null, error);
}
