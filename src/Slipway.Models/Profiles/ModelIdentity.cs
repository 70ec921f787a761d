namespace Slipway.Models.Profiles;

/// <summary>Which model a profile is of, and what it was read from.</summary>
public sealed record ModelIdentity
{
    /// <summary>Repository on the hub, or the folder's or file's name. Nothing about the model is concluded from it.</summary>
    public required string Id { get; init; }

    /// <summary>Commit that the files are of; <c>null</c> for local files.</summary>
    public string? Revision { get; init; }

    /// <summary>What the files call the architecture: the first of <c>architectures</c> in config.json, or GGUF's <c>general.architecture</c>; empty when they do not say.</summary>
    public string Architecture { get; init; } = "";

    /// <summary><c>model_type</c> of the language model in config.json; empty when it does not say.</summary>
    public string ModelType { get; init; } = "";

    /// <summary>What the model is made for.</summary>
    public ModelTask Task { get; init; } = ModelTask.Unknown;
}

/// <summary>What a model is made for, as its architecture says.</summary>
public enum ModelTask
{
    /// <summary>The files do not say.</summary>
    Unknown,

    /// <summary>Writes text, token by token; perhaps after images or sound.</summary>
    Generation,

    /// <summary>Turns a text into one vector, or judges a pair of texts. Keeps no cache between requests.</summary>
    Embedding,

    /// <summary>Writes what is said in a recording (an encoder and a decoder, as Whisper).</summary>
    Transcription,
}
