using Slipway.Capacity.Answers.Models;
using Slipway.Models.Hub.Search;

namespace Slipway.Web.Discover;

/// <summary>What models are looked for; it stands in the page's address.</summary>
internal sealed record SearchFilter
{
    /// <summary>The sizes that can be chosen.</summary>
    public static IReadOnlyList<string> Sizes { get; } = ["1B", "4B", "8B", "14B", "32B", "80B"];

    /// <summary>The licences that can be chosen.</summary>
    public static IReadOnlyList<string> Licences { get; } = ["apache-2.0", "mit", "llama3.1", "gemma"];

    public string? Text { get; init; }

    public string? Task { get; init; }

    public string? Size { get; init; }

    public string? Licence { get; init; }

    public string? Sort { get; init; }

    /// <summary>Only models in llama.cpp's format, which run without an accelerator.</summary>
    public bool Gguf { get; init; }

    /// <summary>Only models whose weights fit in the memory that there is here.</summary>
    public bool Fits { get; init; }

    /// <summary>Only models that anybody may download at once.</summary>
    public bool Open { get; init; }

    /// <summary>The key of the accelerator that fit, speed and price are for; null for what there is here.</summary>
    public string? Hardware { get; init; }

    /// <summary>The models that are chosen to be compared, as <see cref="Comparison.Text"/>; null for none.</summary>
    public string? Compare { get; init; }

    public string Address
    {
        get
        {
            var parts = new (string Name, string? Value)[]
            {
                ("q", Text), ("task", Task), ("size", Size), ("licence", Licence), ("sort", Sort), ("gguf", Gguf ? "true" : null), ("open", Open ? "true" : null), ("fits", Fits ? "true" : null), ("on", Hardware), ("compare", Compare),
            };
            var query = string.Join('&', parts.Where(static p => p.Value is not null).Select(static p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
            return query.Length == 0 ? "" : $"?{query}";
        }
    }

    /// <param name="memory">The memory that there is, bytes; null when that is not known.</param>
    /// <param name="next">Where the page begins.</param>
    public SearchQuery Query(long? memory, string? next = null) => new()
    {
        Text = Text,
        Task = Enum.TryParse<SearchTask>(Task, ignoreCase: true, out var task) ? task : null,
        MaxParameters = Size is null ? null : ParameterCount.Parse(Size),
        KeepUnknown = Size is null && !Fits,
        FitsIn = Fits ? memory : null,
        Licence = Licence,
        Gated = Open ? false : null,
        Tags = Gguf ? ["gguf"] : [],
        Sort = Enum.TryParse<SearchSort>(Sort, ignoreCase: true, out var sort) ? sort : default,
        Next = next,
    };
}
