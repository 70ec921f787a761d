namespace Slipway.Models.Tests.Memory;

/// <summary>What other tools would say of memory without cache, GiB a device, from the same facts (their formulas as documented).</summary>
internal static class PeerFormulas
{
    public static IReadOnlyList<(string Name, Func<MeasuredServer, double> Gib)> All { get; } =
    [
        ("parameters x 2 bytes x 1.2 (AI Runway)", m => m.Profile().Parameters.Total.Middle * 2 * 1.2 / Cards.Gib / m.Tensor),
        ("weights only (accelerate, hf-mem)", m => Weights(m)),
        ("weights x 1.2 (vLLM recipes)", m => Weights(m) * 1.2),
        ("weights x 1.2 + 2 GiB (GPUStack)", m => (Weights(m) * 1.2) + (2.0 / m.Tensor)),
        ("1.02 w + 2.3 GiB + 0.05 w (KAITO)", m => (Weights(m) * 1.07) + 2.3),
        ("weights + 3.5 GiB (as aiconfigurator)", m => Weights(m) + 3.5),
    ];

    private static double Weights(MeasuredServer m) => m.Profile().Weights.Bytes.Middle / Cards.Gib / m.Tensor;
}
