namespace Slipway.Models.Profiles.Config;

/// <summary>Reads <c>quantization_config</c>, and the hf_quant_config.json that NVIDIA's checkpoints bring instead.</summary>
internal static class QuantizationReader
{
    private const int MaxModules = 64;

    /// <summary>The quantisation of a config.json; <see cref="QuantizationProfile.None"/> when it has none.</summary>
    public static QuantizationProfile Read(ConfigNode root, ConfigNode language)
    {
        var quantization = root.Child("quantization_config", "compression_config") ?? language.Child("quantization_config", "compression_config");
        return quantization is { } q ? Of(q) : QuantizationProfile.None;
    }

    /// <summary>The quantisation of an hf_quant_config.json.</summary>
    public static QuantizationProfile ReadModelOpt(ConfigNode root) => root.Child("quantization") is { } q ? Of(q) : QuantizationProfile.None;

    private static QuantizationProfile Of(ConfigNode q)
    {
        var method = q.Text("quant_method").ToLowerInvariant();
        var algorithm = q.Text("quant_algo", "format").ToUpperInvariant();
        if (method.Length == 0 && algorithm.Length > 0) method = "modelopt";
        var group = q.Child("config_groups")?.Child("group_0", "group_1");
        var weights = group?.Child("weights");
        var bits = Bits(q, weights, method, algorithm);
        return new QuantizationProfile
        {
            Method = method,
            Scheme = Scheme(q, method, algorithm, weights, group),
            BitsPerWeight = bits is { } b ? b + Overhead(q, weights, method, algorithm, b) : null,
            ComputeBits = ComputeBits(method, algorithm, group),
            KvCacheScheme = KvScheme(q),
            Unquantized = Modules(q),
        };
    }

    private static int? Bits(ConfigNode q, ConfigNode? weights, string method, string algorithm)
    {
        if (method is "mxfp4" || algorithm.Contains("FP4", StringComparison.Ordinal)) return 4;
        if (method is "fp8" or "fbgemm_fp8" || algorithm is "FP8" or "FLOAT-QUANTIZED" or "FP8_PB_WO") return 8;
        if (method is "bitsandbytes") return q.Flag("load_in_4bit") == true ? 4 : q.Flag("load_in_8bit") == true ? 8 : null;
        return weights?.Count("num_bits") ?? q.Count("bits", "w_bit", "num_bits");
    }

    /// <summary>Bits a weight that scales and zero points add: a 16-bit scale and a packed zero for a group, an 8-bit scale for a micro-block, and so on.</summary>
    private static double Overhead(ConfigNode q, ConfigNode? weights, string method, string algorithm, int bits)
    {
        var group = weights?.Count("group_size") ?? q.Count("group_size", "q_group_size");
        return method switch
        {
            "mxfp4" => 8.0 / 32,
            "fp8" => 32.0 / (128 * 128),
            "gptq" or "awq" => (16.0 + bits) / (group ?? 128),
            "bitsandbytes" => bits == 4 ? 32.0 / 64 : 0,
            _ when algorithm.Contains("MXFP4", StringComparison.Ordinal) => 8.0 / 32,
            _ when algorithm.Contains("FP4", StringComparison.Ordinal) => 8.0 / (group ?? 16),
            _ => group is { } g && bits < 8 ? 16.0 / g : 0,
        };
    }

    private static string Scheme(ConfigNode q, string method, string algorithm, ConfigNode? weights, ConfigNode? group)
    {
        if (algorithm.Length > 0) return algorithm;
        if (method is "bitsandbytes") return q.Text("bnb_4bit_quant_type").ToUpperInvariant();
        if (weights?.Count("num_bits") is { } w) return $"W{w}A{group?.Child("input_activations")?.Count("num_bits") ?? 16}";
        return q.Count("bits", "w_bit") is { } bits ? $"W{bits}A16" : "";
    }

    private static int? ComputeBits(string method, string algorithm, ConfigNode? group)
    {
        if (group?.Child("input_activations")?.Count("num_bits") is { } stated) return stated;
        return method switch
        {
            "gptq" or "awq" or "bitsandbytes" or "mxfp4" => 16,
            "fp8" or "fbgemm_fp8" => 8,
            "compressed-tensors" => 16,
            _ => algorithm switch { "FP8" => 8, "NVFP4" => 4, _ when algorithm.StartsWith("W4A16", StringComparison.Ordinal) => 16, _ => null },
        };
    }

    private static string? KvScheme(ConfigNode q)
    {
        if (q.Text("kv_cache_quant_algo", "kv_cache_scheme") is { Length: > 0 } name) return name.ToLowerInvariant();
        return q.Child("kv_cache_scheme") is { } scheme && scheme.Count("num_bits") is { } bits ? (scheme.Text("type") is "int" ? $"int{bits}" : $"fp{bits}") : null;
    }

    private static IReadOnlyList<string> Modules(ConfigNode q) =>
        q.Texts("ignore", MaxModules) ?? q.Texts("modules_to_not_convert", MaxModules) ?? q.Texts("exclude_modules", MaxModules) ?? q.Texts("llm_int8_skip_modules", MaxModules) ?? [];
}
