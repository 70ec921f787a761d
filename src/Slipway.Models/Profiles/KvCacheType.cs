namespace Slipway.Models.Profiles;

/// <summary>How keys and values are stored. It is the engine's setting: quantised weights do not imply a quantised cache.</summary>
/// <param name="Name">The engines' name for it.</param>
/// <param name="BytesPerElement">Bytes of one element, block scales included.</param>
public sealed record KvCacheType(string Name, double BytesPerElement)
{
    /// <summary>16-bit, what every engine does unless told otherwise (vLLM's <c>auto</c> follows the model's 16-bit type).</summary>
    public static KvCacheType Bits16 { get; } = new("bf16", 2);

    /// <summary>8-bit floating point, one scale a tensor.</summary>
    public static KvCacheType Fp8 { get; } = new("fp8", 1);

    /// <summary>32-bit floating point.</summary>
    public static KvCacheType Bits32 { get; } = new("f32", 4);

    /// <summary>The type of an engine's name for it; <c>null</c> for a name that is not known.</summary>
    /// <remarks>llama.cpp's block types hold a 16-bit scale for 32 elements (<c>block_q8_0</c> and others in ggml-common.h).</remarks>
    public static KvCacheType? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToLowerInvariant() switch
        {
            "auto" or "bf16" or "bfloat16" or "f16" or "fp16" or "float16" or "half" => Bits16,
            "fp8" or "fp8_e4m3" or "fp8_e5m2" or "fp8_inc" => Fp8,
            "f32" or "fp32" or "float32" => Bits32,
            "int8" => new KvCacheType("int8", 1),
            "q8_0" or "q8" => new KvCacheType("q8_0", 34.0 / 32),
            "q5_1" => new KvCacheType("q5_1", 24.0 / 32),
            "q5_0" => new KvCacheType("q5_0", 22.0 / 32),
            "q4_1" => new KvCacheType("q4_1", 20.0 / 32),
            "q4_0" or "iq4_nl" => new KvCacheType("q4_0", 18.0 / 32),
            _ => null,
        };
    }
}
