using System.Runtime.InteropServices;

namespace Slipway.Cel;

/// <summary>
/// What an expression costs at least and at most, in Kubernetes' units: one is about what a comparison takes, ten characters of text
/// are one (k8s.io/apiserver, pkg/cel/library). Sums and products stay at the greatest number instead of overflowing.
/// </summary>
/// <param name="Min">At least.</param>
/// <param name="Max">At most; the greatest number where nothing bounds it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CelCostEstimate(ulong Min, ulong Max)
{
    private const double TwoTo64 = 18446744073709551616.0;

    internal static CelCostEstimate Unknown { get; } = new(0, ulong.MaxValue);

    internal static CelCostEstimate Fixed(ulong value) => new(value, value);

    internal CelCostEstimate Plus(CelCostEstimate other) => new(Plus(Min, other.Min), Plus(Max, other.Max));

    internal CelCostEstimate Times(CelCostEstimate other) => new(Times(Min, other.Min), Times(Max, other.Max));

    internal CelCostEstimate Times(double factor) => new(Times(Min, factor), Times(Max, factor));

    internal CelCostEstimate Or(CelCostEstimate other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    private static ulong Plus(ulong a, ulong b) => a > ulong.MaxValue - b ? ulong.MaxValue : a + b;

    private static ulong Times(ulong a, ulong b) => b != 0 && a > ulong.MaxValue / b ? ulong.MaxValue : a * b;

    private static ulong Times(ulong a, double factor) => Math.Ceiling(a * factor) is var product && product >= TwoTo64 ? ulong.MaxValue : (ulong)product;
}
