using Slipway.Models.Profiles.Config;

namespace Slipway.Models.Profiles;

/// <summary>Reads from GGUF metadata what each layer keeps.</summary>
internal static class GgufLayers
{
    /// <summary>The attention part.</summary>
    public static AttentionProfile Read(GgufKeys keys, int heads, int layers, List<ProfileNote> notes)
    {
        var hidden = keys.Count("embedding_length") ?? heads;
        var key = keys.Count("attention.key_length") ?? Math.Max(1, hidden / heads);
        var value = keys.Count("attention.value_length") ?? key;
        var listed = keys.List("attention.head_count_kv");
        var kvHeads = keys.Count("attention.head_count_kv") ?? (int)Math.Clamp(listed?.Max() ?? heads, 1, ConfigNode.MaxCount);
        var state = State(keys);
        var window = keys.Count("attention.sliding_window");
        var windowed = Windowed(keys, window);
        var own = layers - Math.Min(keys.Count("attention.shared_kv_layers") ?? 0, layers - 1);
        var interval = keys.Count("full_attention_interval") ?? (state is not null && keys.Architecture is "qwen3next" or "qwen35" or "qwen35moe" ? 4 : null);
        var memories = new LayerMemory[layers];
        for (var i = 0; i < layers; i++)
        {
            var mine = listed is not null && i < listed.Count ? (int)Math.Clamp(listed[i], 0, ConfigNode.MaxCount) : kvHeads;
            memories[i] = keys.Architecture.Contains("bert", StringComparison.Ordinal) || i >= own ? LayerMemory.None.Instance
                : mine == 0 || (interval is { } every && (i + 1) % every != 0) || LayerFamilies.IsMamba(keys.Architecture) ? (LayerMemory?)state ?? LayerMemory.None.Instance
                : keys.Count("attention.kv_lora_rank") is { } rank && keys.Count("rope.dimension_count") is { } rope ? new LayerMemory.Latent(rank, rope)
                : windowed(i) ? new LayerMemory.Sliding(mine, keys.Count("attention.key_length_swa") ?? key, keys.Count("attention.value_length_swa") ?? value, window!.Value)
                : new LayerMemory.Full(mine, key, value);
        }

        // A feed-forward layer of a hybrid has no heads and no state; the metadata does not tell it from a recurrent one.
        if (state is not null && listed is not null)
            notes.Add(new(ProfileNoteKind.UnknownState, "The file does not tell layers with a recurrent state from those without; each layer without attention counts as one with a state."));
        return new AttentionProfile { Heads = heads, KvHeads = kvHeads, HeadDim = key, Layers = memories };
    }

    private static Func<int, bool> Windowed(GgufKeys keys, int? window)
    {
        if (window is null) return static _ => false;
        if (keys.List("attention.sliding_window_pattern") is { } listed) return i => i < listed.Count && listed[i] != 0;
        var family = keys.Architecture.Replace('-', '_');
        if ((keys.Count("attention.sliding_window_pattern") ?? LayerFamilies.WindowPattern(family)) is { } every) return i => (i + 1) % every != 0;
        // llama.cpp builds a window only for architectures that it knows to have one; full attention bounds the others.
        return static _ => false;
    }

    /// <summary>llama.cpp's state: inner width x state size, and (kernel - 1) x (inner width + 2 x groups x state size), in 32 bits.</summary>
    private static LayerMemory.Recurrent? State(GgufKeys keys)
    {
        if (keys.Count("shortconv.l_cache") is { } length && keys.Count("embedding_length") is { } width)
            return new LayerMemory.Recurrent(0, 4, (long)width * (length - 1));
        if (keys.Count("ssm.inner_size") is not { } inner || keys.Count("ssm.state_size") is not { } state) return null;
        var channels = inner + (2L * (keys.Count("ssm.group_count") ?? 0) * state);
        return new LayerMemory.Recurrent((long)inner * state, 4, channels * ((keys.Count("ssm.conv_kernel") ?? 4) - 1));
    }
}
