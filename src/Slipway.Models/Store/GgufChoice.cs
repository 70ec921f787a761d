namespace Slipway.Models.Store;

/// <summary>Outcome of choosing a model's files.</summary>
public abstract record GgufChoice
{
    private GgufChoice()
    {
    }

    /// <summary>These files, in order.</summary>
    /// <param name="Files">Paths in the repository; one, or all parts of a split model.</param>
    public sealed record Chosen(IReadOnlyList<string> Files) : GgufChoice;

    /// <summary>There is no GGUF file at all.</summary>
    public sealed record None : GgufChoice;

    /// <summary>There are GGUF files, but not the one asked for.</summary>
    /// <param name="Available">Quantisations, or file names, that exist.</param>
    public sealed record NoMatch(IReadOnlyList<string> Available) : GgufChoice;

    /// <summary>Parts of a split model are missing.</summary>
    /// <param name="Found">Parts that exist.</param>
    /// <param name="Total">Parts that the names announce.</param>
    public sealed record Incomplete(int Found, int Total) : GgufChoice;
}
