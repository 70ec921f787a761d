namespace Slipway.Models.Profiles;

/// <summary>How weights are packed.</summary>
public sealed record QuantizationProfile
{
    /// <summary>Weights as they were trained, in 16 or 32 bits.</summary>
    public static QuantizationProfile None { get; } = new() { Method = "" };

    /// <summary>The method in lower case: <c>gptq</c>, <c>awq</c>, <c>fp8</c>, <c>mxfp4</c>, <c>modelopt</c>, <c>compressed-tensors</c>, <c>bitsandbytes</c>, <c>gguf</c>; empty when not quantised.</summary>
    public required string Method { get; init; }

    /// <summary>The variant, as in <c>NVFP4</c> or <c>Q4_K_M</c>; empty when there is only one.</summary>
    public string Scheme { get; init; } = "";

    /// <summary>Bits of one packed weight, its share of scales included; <c>null</c> when unknown.</summary>
    public double? BitsPerWeight { get; init; }

    /// <summary>Bits in which the packed layers multiply: 16 when only the weights are packed, 8 or 4 when activations are, too; <c>null</c> when unknown.</summary>
    public int? ComputeBits { get; init; }

    /// <summary>The cache type that the checkpoint brings scales for, as in <c>fp8</c>; <c>null</c> for none. Engines use it when told to, or by their <c>auto</c>.</summary>
    public string? KvCacheScheme { get; init; }

    /// <summary>Names or patterns of modules that are left in full precision, as the checkpoint lists them (the first 64).</summary>
    public IReadOnlyList<string> Unquantized { get; init; } = [];

    /// <summary>Whether weights are packed at all.</summary>
    public bool IsQuantized => Method.Length > 0;
}
