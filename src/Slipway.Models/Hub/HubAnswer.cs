using System.Diagnostics.CodeAnalysis;
using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>A value, or why there is none.</summary>
internal readonly record struct HubAnswer<T>(T? Value, ModelError? Error)
    where T : class
{
    /// <summary>Whether there is a value.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ModelError? error)
    {
        (value, error) = (Value, Error);
        return value is not null;
    }

    public static implicit operator HubAnswer<T>(T value) => new(value, null);

    public static implicit operator HubAnswer<T>(ModelError error) => new(null, error);
}
