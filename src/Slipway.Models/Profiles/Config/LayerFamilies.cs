namespace Slipway.Models.Profiles.Config;

/// <summary>What a <c>model_type</c> implies about layers where the configuration itself is silent. Source: the configuration classes of transformers 5.</summary>
internal static class LayerFamilies
{
    /// <summary>Every layer is a recurrence.</summary>
    public static bool IsMamba(string type) => type is "mamba" or "mamba2" or "falcon_mamba";

    /// <summary>Local layers see a chunk, not a window.</summary>
    public static bool IsChunked(string type) => type is "llama4" or "llama4_text";

    /// <summary>Every so many layers one sees everything, the others a window; null for no such rule.</summary>
    public static int? WindowPattern(string type) => type switch
    {
        "gemma2" or "gpt_oss" => 2,
        "gemma3" or "gemma3_text" or "gemma4" or "gemma4_text" => 6,
        "gemma3n" or "gemma3n_text" => 5,
        "cohere2" => 4,
        "exaone4" or "olmo3" => 4,
        _ => null,
    };

    /// <summary>Every layer has the window that the configuration states.</summary>
    public static bool AllWindows(string type) => type is "mistral" or "mixtral" or "starcoder2";

    /// <summary>Encoders: no cache between requests.</summary>
    public static bool IsEncoder(string type) => type is "bert" or "roberta" or "xlm-roberta" or "modernbert" or "nomic_bert" or "mpnet" or "distilbert"
        or "electra" or "deberta-v2" or "albert" or "camembert" or "new" or "gte";

    /// <summary>Speech to text: an encoder over sound, a decoder over text.</summary>
    public static bool IsTranscriber(string type) => type is "whisper";

    /// <summary>Whether the key-value heads default to one for all (multi-query).</summary>
    public static bool IsMultiQuery(ConfigNode config) => config.Flag("multi_query") == true && config.Flag("new_decoder_architecture") != true;
}
