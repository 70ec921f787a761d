using System.Collections.Immutable;
using Slipway.Models.Hub.Search;

namespace Slipway.Capacity.Answers.Models;

/// <summary>A model as a listing describes it. What the listing does not say is null.</summary>
/// <param name="Id">The repository.</param>
/// <param name="Page">Its page on the hub.</param>
/// <param name="Task">The hub's name of its task.</param>
/// <param name="Library">The library that it is made for.</param>
/// <param name="Licence">Its licence's short name.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="WeightBytes">Bytes of its weights.</param>
/// <param name="Quantization">How they are packed.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Downloads">Downloads of the last 30 days, as the hub counts.</param>
/// <param name="Likes">Likes.</param>
/// <param name="Access">Who may download it.</param>
/// <param name="ToDo">What has to be done before it can be downloaded; null when nothing.</param>
/// <param name="Modified">When it last changed.</param>
/// <param name="Tags">Its tags.</param>
public sealed record FoundFact(
    string Id, string Page, string? Task, string? Library, string? Licence, long? Parameters, long? WeightBytes, string? Quantization, string? Architecture, long? Downloads, long? Likes,
    string Access, string? ToDo, DateTimeOffset? Modified, ImmutableArray<string> Tags)
{
    internal static FoundFact Of(FoundModel m) => new(
        m.Id, m.PageAddress.ToString(), m.Task, m.Library, m.Licence, m.Parameters, m.WeightBytes, m.Quantisation, m.Architecture, m.Downloads, m.Likes,
        m.Access.ToString(), m.ToDo, m.Modified, [.. m.Tags]);
}

/// <summary>A page of models: the answer of <c>slipway models search</c> and of the REST API.</summary>
/// <param name="Origin"><c>Hub</c>, <c>Cache</c>, <c>BundledCatalogue</c>.</param>
/// <param name="AgeSeconds">Seconds since the hub said so, or since the catalogue was written.</param>
/// <param name="Because">Why the hub itself did not answer; null when it did.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
/// <param name="LeftOut">Models that were looked at and left out.</param>
/// <param name="Models">The models; may be empty while there is a next page.</param>
public sealed record SearchAnswer(string Origin, double AgeSeconds, string? Because, string? Next, int LeftOut, ImmutableArray<FoundFact> Models)
{
    /// <summary>Of a page.</summary>
    public static SearchAnswer Of(SearchResult.Page page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return new(page.Origin.ToString(), page.Age.TotalSeconds, page.Because?.Message, page.Next, page.LeftOut, [.. page.Items.Select(FoundFact.Of)]);
    }
}
