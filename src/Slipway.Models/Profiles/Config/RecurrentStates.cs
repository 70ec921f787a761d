namespace Slipway.Models.Profiles.Config;

/// <summary>Size of a recurrent layer's state from the widths that its family states.</summary>
/// <remarks>
/// Mamba 2: heads x head width x state size, and (inner width + 2 x groups x state size) x (kernel - 1) last inputs (<see href="https://arxiv.org/abs/2405.21060"/> §7).
/// Gated delta net: value heads x value width x key width, and (2 x key heads x key width + value heads x value width) x (kernel - 1)
/// (<see href="https://arxiv.org/abs/2412.06464"/>). Mamba 1: inner width x state size, and inner width x (kernel - 1).
/// </remarks>
internal static class RecurrentStates
{
    /// <summary>The state, or null when the widths are not stated.</summary>
    public static LayerMemory.Recurrent? Read(ConfigNode config, int hidden)
    {
        var width = Width(config);
        return GatedDelta(config, width) ?? Kimi(config) ?? Lightning(config) ?? Mamba2(config, width) ?? Mamba1(config, hidden, width) ?? Convolution(config, hidden);
    }

    // Qwen3-Next and later; the type of the state is mamba_ssm_dtype there.
    private static LayerMemory.Recurrent? GatedDelta(ConfigNode config, int width)
    {
        if (config.Count("linear_num_value_heads") is not { } valueHeads || config.Count("linear_num_key_heads") is not { } keyHeads) return null;
        if (config.Count("linear_value_head_dim") is not { } valueDim || config.Count("linear_key_head_dim") is not { } keyDim) return null;
        var channels = (2L * keyHeads * keyDim) + ((long)valueHeads * valueDim);
        return Make((double)valueHeads * valueDim * keyDim, width, (double)channels * (Kernel(config, "linear_conv_kernel_dim") - 1));
    }

    // Kimi Linear: a square state a head in 32 bits, and three convolutions.
    private static LayerMemory.Recurrent? Kimi(ConfigNode config)
    {
        if (config.Child("linear_attn_config") is not { } linear || linear.Count("num_heads") is not { } heads || linear.Count("head_dim") is not { } dim) return null;
        return Make((double)heads * dim * dim, 4, 3.0 * heads * dim * (Kernel(linear, "short_conv_kernel_size") - 1));
    }

    // MiniMax-01's lightning attention: a square state a head in 32 bits, no convolution.
    private static LayerMemory.Recurrent? Lightning(ConfigNode config) =>
        config.Has("attn_type_list") && config.Count("num_attention_heads") is { } heads && config.Count("head_dim") is { } dim
            ? Make((double)heads * dim * dim, 4, 0)
            : null;

    private static LayerMemory.Recurrent? Mamba2(ConfigNode config, int width)
    {
        if (config.Count("mamba_num_heads", "mamba_n_heads") is not { } heads && !Named2(config, out heads)) return null;
        if (config.Count("mamba_head_dim", "mamba_d_head", "head_dim") is not { } dim) return null;
        if (config.Count("ssm_state_size", "mamba_d_state", "state_size") is not { } state) return null;
        var groups = config.Count("mamba_n_groups", "n_groups", "mamba_ngroups") ?? 1;
        var channels = ((double)heads * dim) + (2.0 * groups * state);
        return Make((double)heads * dim * state, width, channels * (Kernel(config, "conv_kernel", "mamba_d_conv") - 1));
    }

    private static bool Named2(ConfigNode config, out int heads)
    {
        heads = config.Text("model_type") == "mamba2" ? config.Count("num_heads") ?? 0 : 0;
        return heads > 0;
    }

    private static LayerMemory.Recurrent? Mamba1(ConfigNode config, int hidden, int width)
    {
        if (config.Count("mamba_d_state", "state_size") is not { } state) return null;
        var inner = config.Text("model_type") is "mamba" or "falcon_mamba" && config.Count("intermediate_size") is { } stated
            ? stated
            : (double)hidden * (config.Count("mamba_expand", "expand") ?? 2);
        return Make(inner * state, width, inner * (Kernel(config, "mamba_d_conv", "conv_kernel") - 1));
    }

    // LFM2's gated short convolution keeps inputs only.
    private static LayerMemory.Recurrent? Convolution(ConfigNode config, int hidden) =>
        config.Count("conv_L_cache") is { } length ? Make(0, 2, (double)hidden * (length - 1)) : null;

    private static int Kernel(ConfigNode config, params ReadOnlySpan<string> names) => config.Count(names) ?? 4;

    private static int Width(ConfigNode config) => config.Text("mamba_ssm_cache_dtype", "mamba_ssm_dtype", "dtype", "torch_dtype") is "float32" ? 4 : 2;

    private static LayerMemory.Recurrent? Make(double state, int width, double convolution) =>
        state + convolution < 1e12 ? new LayerMemory.Recurrent((long)state, width, (long)Math.Max(0, convolution)) : null;
}
