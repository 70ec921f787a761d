namespace Slipway.Models.Profiles.Config;

/// <summary>Reads what a model is from its config.json: pure, bounded, and never from the model's name.</summary>
public static class ConfigReader
{
    /// <summary>Most layers that are believed; the largest seen is 126.</summary>
    public const int MaxLayers = 1024;

    private static readonly string[] s_nested = ["text_config", "llm_config", "language_config", "thinker_config", "decoder", "text_model_config"];

    /// <summary>Reads a config.json.</summary>
    /// <param name="id">The model's id, for the profile's identity.</param>
    /// <param name="bytes">The file.</param>
    /// <param name="modelOpt">The file hf_quant_config.json of the same repository; empty when there is none.</param>
    /// <returns>The profile with counts and bytes computed from the architecture, or what is wrong with the file.</returns>
    public static ConfigResult Read(string id, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> modelOpt = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(id);
        using var document = ConfigText.Parse(bytes, out var fault);
        if (document is null) return new ConfigResult.Unreadable($"config.json of {id} cannot be used: {fault}.");
        var root = new ConfigNode(document.RootElement);
        var language = Language(root);
        var type = Type(language, root);
        if (language.Count("num_hidden_layers", "n_layer", "n_layers", "num_layers", "decoder_layers") is not { } layers)
        {
            if (Listed(language) is not { } listed)
                return new ConfigResult.Unreadable($"config.json of {id} states no number of layers (num_hidden_layers), so it does not describe a language model. Is this a diffusion model, an adapter or a tokenizer?");
            layers = listed;
        }

        if (layers > MaxLayers) return new ConfigResult.Unreadable($"config.json of {id} states {layers} layers; more than {MaxLayers} are not believed.");
        return Assemble(id, root, language, type, layers, Quantization(root, language, modelOpt));
    }

    private static ConfigResult Assemble(string id, ConfigNode root, ConfigNode language, string type, int layers, QuantizationProfile quantization)
    {
        var notes = new List<ProfileNote>();
        var hidden = language.Count("hidden_size", "n_embd", "d_model", "dim");
        if (AttentionReader.Read(language, type, layers, hidden ?? 0, notes) is not { } attention)
            return new ConfigResult.Unreadable($"config.json of {id} (model_type '{type}') states no attention heads (num_attention_heads), so its cache cannot be computed.");
        var feed = FeedForward.Read(language, type, attention.Layers.Count);
        var shape = new ModelShape
        {
            Layers = attention.Layers.Count,
            HiddenSize = hidden,
            VocabularySize = language.Count("vocab_size", "padded_vocab_size") ?? root.Count("vocab_size"),
            IntermediateSize = feed.DenseWidth > 0 ? feed.DenseWidth : null,
            TiedEmbeddings = Tied(root, language, type),
            ComputeType = language.Text("dtype", "torch_dtype") is { Length: > 0 } own ? own : root.Text("dtype", "torch_dtype"),
        };
        var traits = Traits.Of(type, language);
        if (!traits.Known)
            notes.Add(new(ProfileNoteKind.UnknownArchitecture, $"The architecture '{type}' is not known tensor by tensor; weights are bounded until the weight files are read."));
        var encoders = EncoderReader.Read(root);
        var counts = PartCounts.Of(language, shape, attention, feed, traits) with { Encoders = encoders.Sum(static e => (double)(e.Parameters ?? 0)) };
        var weights = new ArchitectureWeights(counts, feed, traits, shape, quantization, encoders);
        return new ConfigResult.Read(new ModelProfile
        {
            Identity = new ModelIdentity { Id = id, Architecture = Architecture(root), ModelType = type, Task = Task(type, root) },
            Shape = shape,
            Attention = attention,
            Experts = weights.Experts(),
            Parameters = weights.Parameters(notes),
            Weights = weights.Bytes(),
            Context = ContextReader.Read(language),
            Encoders = encoders,
            Serving = new ServingTraits { RemoteCode = root.Has("auto_map") },
            Notes = notes,
        });
    }

    private static ConfigNode Language(ConfigNode root)
    {
        var node = root;
        // Omni models nest twice: thinker_config, then text_config.
        for (var depth = 0; depth < 3 && node.Child(s_nested) is { } inner; depth++)
        {
            if (inner.Count("num_hidden_layers", "n_layer", "num_layers") is null && inner.Child(s_nested) is null) break;
            node = inner;
        }

        return node;
    }

    /// <summary>The language model's type; where a nested part has none, the outer type with its customary ending.</summary>
    private static string Type(ConfigNode language, ConfigNode root)
    {
        if (language.Text("model_type") is { Length: > 0 } own) return own;
        return root.Text("model_type") is { Length: > 0 } outer && !language.Equals(root) ? outer + "_text" : "";
    }

    private static int? Listed(ConfigNode language) =>
        (language.Texts("layers_block_type", MaxLayers) ?? language.Texts("layer_types", MaxLayers)) is { Count: > 0 } types ? types.Count
        : language.Text("hybrid_override_pattern") is { Length: > 0 and <= MaxLayers } pattern ? pattern.Length
        : null;

    private static bool? Tied(ConfigNode root, ConfigNode language, string type) =>
        language.Flag("tie_word_embeddings") ?? root.Flag("tie_word_embeddings")
        // Gemma ties by its class's default and does not write it down; every other class here defaults to untied.
        // An encoder has no output layer, and Whisper's is its embedding.
        ?? (type.StartsWith("gemma", StringComparison.Ordinal) || type.StartsWith("cohere", StringComparison.Ordinal)
            || LayerFamilies.IsEncoder(type) || LayerFamilies.IsTranscriber(type) ? true : null);

    private static ModelTask Task(string type, ConfigNode root)
    {
        if (LayerFamilies.IsTranscriber(type)) return ModelTask.Transcription;
        if (LayerFamilies.IsEncoder(type)) return ModelTask.Embedding;
        var architecture = Architecture(root);
        return architecture.Contains("ForCausalLM", StringComparison.Ordinal) || architecture.Contains("ForConditionalGeneration", StringComparison.Ordinal) ? ModelTask.Generation
            : architecture.EndsWith("Model", StringComparison.Ordinal) || architecture.Contains("ForSequenceClassification", StringComparison.Ordinal) ? ModelTask.Embedding
            : ModelTask.Unknown;
    }

    private static string Architecture(ConfigNode root) => root.Texts("architectures", 1) is [var first] ? first : "";

    private static QuantizationProfile Quantization(ConfigNode root, ConfigNode language, ReadOnlyMemory<byte> modelOpt)
    {
        var own = QuantizationReader.Read(root, language);
        if (modelOpt.IsEmpty || own.IsQuantized) return own;
        using var document = ConfigText.Parse(modelOpt, out _);
        return document is null ? own : QuantizationReader.ReadModelOpt(new ConfigNode(document.RootElement));
    }
}

/// <summary>Outcome of reading a config.json.</summary>
public abstract record ConfigResult
{
    private ConfigResult()
    {
    }

    /// <summary>It describes a language model.</summary>
    /// <param name="Profile">What it says.</param>
    public sealed record Read(ModelProfile Profile) : ConfigResult;

    /// <summary>It does not, or cannot be read.</summary>
    /// <param name="Message">What is wrong and what to look for.</param>
    public sealed record Unreadable(string Message) : ConfigResult;
}
