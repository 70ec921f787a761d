namespace Slipway.Models.Safetensors;

/// <summary>The format's types.</summary>
internal static class StoredTypes
{
    /// <summary>Bits of one element; null for a type not known here.</summary>
    public static int? Bits(string type) => type switch
    {
        "F64" or "I64" or "U64" => 64,
        "F32" or "I32" or "U32" => 32,
        "BF16" or "F16" or "I16" or "U16" => 16,
        "F8_E4M3" or "F8_E5M2" or "F8_E8M0" or "I8" or "U8" or "BOOL" => 8,
        "F6_E2M3" or "F6_E3M2" => 6,
        "F4" => 4,
        _ => null,
    };

    /// <summary>Whether it is a container of bits rather than a number type: packed weights lie in such.</summary>
    public static bool IsContainer(string type) => type is "I32" or "U8" or "I8" or "U32" or "I64" or "I16";
}
