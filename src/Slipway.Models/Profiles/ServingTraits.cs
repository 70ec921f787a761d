namespace Slipway.Models.Profiles;

/// <summary>What someone who wants to serve a model asks beside its size. What the files do not say is <c>null</c>.</summary>
public sealed record ServingTraits
{
    /// <summary>Whether a chat template comes with it; without one a chat endpoint has to be given a template.</summary>
    public bool? HasChatTemplate { get; init; }

    /// <summary>Whether its chat template renders tools, that is, mentions the variable <c>tools</c>.</summary>
    public bool? CallsTools { get; init; }

    /// <summary>Licence as the hub names it, as in <c>apache-2.0</c>.</summary>
    public string? Licence { get; init; }

    /// <summary>Whether the repository's own code must run to load it (<c>auto_map</c> in config.json); engines refuse it without <c>--trust-remote-code</c>.</summary>
    public bool RemoteCode { get; init; }

    /// <summary>Whether a licence must be accepted on the hub before files can be read.</summary>
    public bool? Gated { get; init; }

    /// <summary>Most tokens of an answer that the author suggests (<c>max_new_tokens</c> in generation_config.json).</summary>
    public long? SuggestedOutputTokens { get; init; }
}
