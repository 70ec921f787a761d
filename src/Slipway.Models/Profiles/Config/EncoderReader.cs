namespace Slipway.Models.Profiles.Config;

/// <summary>Reads vision and audio towers.</summary>
internal static class EncoderReader
{
    /// <summary>The towers that a configuration names; their weights are estimated from depth and widths.</summary>
    public static IReadOnlyList<EncoderProfile> Read(ConfigNode root)
    {
        // Qwen Omni nests everything that listens and thinks.
        var outer = root.Child("thinker_config") ?? root;
        var towers = new List<EncoderProfile>();
        if (outer.Child("vision_config", "vit_config", "vision_tower_config") is { } vision) towers.Add(new(EncoderKind.Vision, Parameters(vision)));
        if (outer.Child("audio_config", "audio_encoder", "speech_config", "sound_config") is { } audio) towers.Add(new(EncoderKind.Audio, Parameters(audio)));
        // Whisper writes its encoder's depth beside the decoder's.
        if (towers.Count == 0 && root.Count("encoder_layers") is not null && root.Count("decoder_layers") is not null)
            towers.Add(new(EncoderKind.Audio, Parameters(root, root.Count("encoder_layers"))));
        return towers;
    }

    /// <summary>Transformer blocks of four square matrices and a feed-forward part of two; patches and projector come to a few per cent more.</summary>
    private static long? Parameters(ConfigNode tower, int? depth = null)
    {
        if (tower.Count("hidden_size", "vt_hidden_size", "d_model", "embed_dim") is not { } hidden) return null;
        if ((depth ?? tower.Count("num_hidden_layers", "depth", "vt_num_hidden_layers", "encoder_layers", "num_layers")) is not { } layers || layers > ConfigReader.MaxLayers) return null;
        var inner = tower.Count("intermediate_size", "vt_intermediate_size", "encoder_ffn_dim", "mlp_dim") ?? (4.0 * hidden);
        return (long)(layers * ((4.0 * hidden * hidden) + (2.0 * hidden * inner)));
    }
}
