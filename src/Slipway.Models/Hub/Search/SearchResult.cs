using Slipway.Models.Store;

namespace Slipway.Models.Hub.Search;

/// <summary>Where a page of results came from.</summary>
public enum SearchOrigin
{
    /// <summary>The hub, asked by this call (a copy that it confirmed counts).</summary>
    Hub,

    /// <summary>A copy of an earlier answer on this disk; <see cref="SearchResult.Page.Age"/> says how old.</summary>
    Cache,

    /// <summary>The catalogue that comes with this program: some well-known models, without figures of use.</summary>
    BundledCatalogue,
}

/// <summary>Outcome of a search.</summary>
public abstract record SearchResult
{
    private SearchResult()
    {
    }

    /// <summary>Some models, in the order asked for.</summary>
    public sealed record Page : SearchResult
    {
        /// <summary>The models; may be empty while <see cref="Next"/> is there, when none of those looked at met the conditions.</summary>
        public required IReadOnlyList<FoundModel> Items { get; init; }

        /// <summary>Put into <see cref="SearchQuery.Next"/> for the page after this; null at the end.</summary>
        public string? Next { get; init; }

        /// <summary>Where the models came from; of several parts the least current one.</summary>
        public required SearchOrigin Origin { get; init; }

        /// <summary>Time since the hub last said so, or since the catalogue was written; zero when it was asked now.</summary>
        public TimeSpan Age { get; init; }

        /// <summary>Why the hub itself did not answer, and what to do; null when it did, or a fresh copy made that needless.</summary>
        public ModelError? Because { get; init; }

        /// <summary>Models that were looked at and left out, by the query's conditions that the hub does not check itself.</summary>
        public int LeftOut { get; init; }

        /// <summary>Rows of the hub that were no usable description of a model.</summary>
        public int Unreadable { get; init; }
    }

    /// <summary>There is no answer.</summary>
    /// <param name="Error">Why, and what to do.</param>
    public sealed record Failed(ModelError Error) : SearchResult;
}
