using System.Runtime.InteropServices;

namespace Slipway.Models.Profiles;

/// <summary>A count that is known exactly, or only to lie between two bounds. Something of which nothing is known is <c>null</c> instead.</summary>
/// <param name="Low">Least possible value.</param>
/// <param name="High">Greatest possible value; an estimate that must not fall short uses it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Bounds(long Low, long High)
{
    /// <summary>Whether both bounds are the same.</summary>
    public bool IsExact => Low == High;

    /// <summary>The middle, for a figure that is shown alone.</summary>
    public long Middle => Low + ((High - Low) / 2);

    /// <summary>A value that is known.</summary>
    public static Bounds Exactly(long value) => new(value, value);

    /// <summary>Both bounds added; counts never wrap, they stop at the largest number.</summary>
    public static Bounds operator +(Bounds a, Bounds b) => new(Add(a.Low, b.Low), Add(a.High, b.High));

    /// <summary>Both bounds times a number that is not negative, rounded outwards.</summary>
    public static Bounds operator *(Bounds a, double factor) => new(Clamp(Math.Floor(a.Low * factor)), Clamp(Math.Ceiling(a.High * factor)));

    /// <inheritdoc/>
    public override string ToString() => IsExact ? $"{Low}" : $"{Low}..{High}";

    private static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    private static long Clamp(double value) => value >= long.MaxValue ? long.MaxValue : (long)value;
}
