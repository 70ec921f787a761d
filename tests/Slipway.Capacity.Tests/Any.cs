using CsCheck;

namespace Slipway.Capacity.Tests;

internal static class Any
{
    /// <summary>One of these.</summary>
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
