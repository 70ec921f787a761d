using Slipway.Models.Memory;

namespace Slipway.Models.Hub.Search;

/// <summary>What is looked for. All conditions must hold; an empty query browses everything.</summary>
public sealed record SearchQuery
{
    /// <summary>Words in the model's id; null for any.</summary>
    public string? Text { get; init; }

    /// <summary>What it is wanted for; null for anything.</summary>
    public SearchTask? Task { get; init; }

    /// <summary>Organisation or user; null for any.</summary>
    public string? Author { get; init; }

    /// <summary>Tags that must all be there, as the hub writes them: library, quantisation, language (<c>gguf</c>, <c>awq</c>, <c>fp8</c>, <c>mxfp4</c> …).</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Licence's short name on the hub, for example <c>apache-2.0</c>; null for any.</summary>
    public string? Licence { get; init; }

    /// <summary>Fewest parameters.</summary>
    public long? MinParameters { get; init; }

    /// <summary>Most parameters.</summary>
    public long? MaxParameters { get; init; }

    /// <summary>Engine that the weights' format must suit; null for any.</summary>
    public ServingEngine? Engine { get; init; }

    /// <summary>How the weights are packed, as listings name it (<c>awq</c>, <c>fp8</c>, <c>gguf</c> …); null for any.</summary>
    public string? Quantization { get; init; }

    /// <summary>Memory that the weights have to fit in, bytes; null for any. What they need beside it depends on the load, and is no listing's to say.</summary>
    public long? FitsIn { get; init; }

    /// <summary>Only models whose licence must be accepted first (true) or only open ones (false); null for both.</summary>
    public bool? Gated { get; init; }

    /// <summary>Whether a model passes a condition that cannot be decided because the fact is unknown, such as a size that is not listed.</summary>
    /// <value>The default value is true: what is not known is shown as unknown rather than hidden.</value>
    public bool KeepUnknown { get; init; } = true;

    /// <summary>The caller's own condition over each result, for example whether it fits the hardware at hand.</summary>
    public Func<FoundModel, bool>? Keep { get; init; }

    /// <summary>Order.</summary>
    public SearchSort Sort { get; init; }

    /// <summary>Models looked at for one page, 1 to 100.</summary>
    /// <value>The default value is 30, the hub's own page.</value>
    public int Limit { get; init; } = 30;

    /// <summary>Where the page begins: <see cref="SearchResult.Page.Next"/> of the page before, with the same query otherwise; null for the first.</summary>
    public string? Next { get; init; }
}
