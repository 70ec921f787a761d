using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Deploy;

/// <summary>How much traffic is expected, as somebody says it who does not count requests.</summary>
/// <param name="Key">Its name in the page's address.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Means">What is meant, in a sentence.</param>
/// <param name="Concurrency">Requests at the same time.</param>
internal sealed record Load(string Key, string Name, string Means, int Concurrency)
{
    /// <summary>The loads that can be chosen. What a name stands for is this page's convention and is shown beside it.</summary>
    public static IReadOnlyList<Load> All { get; } =
    [
        new("me", N("Just me"), N("1 request at a time"), 1),
        new("team", N("A team"), N("8 requests at a time"), 8),
        new("product", N("A product"), N("64 requests at a time"), 64),
    ];

    public static Load Of(string? key) => All.FirstOrDefault(l => l.Key == key) ?? All[0];
}
