using System.Text.RegularExpressions;

namespace Slipway.Models.Hub.Search;

/// <summary>Checks a query before it becomes an address.</summary>
internal static partial class QueryFault
{
    private const int MaxText = 200;
    private const int MaxTags = 20;

    /// <summary>Largest page that is asked for: a row with its chat templates is some 10 KB.</summary>
    public const int MaxLimit = 100;

    /// <summary>Why a query cannot be asked; null when it can.</summary>
    public static string? Of(SearchQuery query) => query switch
    {
        { Text: { } text } when text.Length > MaxText || text.Any(char.IsControl) => $"The text to search for is longer than {MaxText} characters, or has control characters.",
        { Task: { } task } when !Enum.IsDefined(task) => $"There is no task {task}.",
        { Engine: { } engine } when !Enum.IsDefined(engine) => $"There is no engine {engine}.",
        { Sort: var sort } when !Enum.IsDefined(sort) => $"There is no order {sort}.",
        { Author: { } author } when !Tag().IsMatch(author) || author.Contains('/') => $"'{Short(author)}' is no organisation or user of a hub. Write its name as in the model's address.",
        { Licence: { } licence } when !Tag().IsMatch(licence) => $"'{Short(licence)}' is no licence's short name. Write it as the hub does, for example apache-2.0.",
        { Tags.Count: > MaxTags } => $"There are more than {MaxTags} tags. Leave some out.",
        { Tags: var tags } when tags.FirstOrDefault(static t => !Tag().IsMatch(t)) is { } bad => $"'{Short(bad)}' is no tag of a hub. Write tags as the model's page shows them, for example gguf.",
        { Quantization: { } packing } when !Tag().IsMatch(packing) => $"'{Short(packing)}' is no way of packing weights. Write it as listings do, for example awq.",
        { FitsIn: <= 0 } => "An amount of memory is more than nothing.",
        { Limit: < 1 or > MaxLimit } => $"A page has 1 to {MaxLimit} models, not {query.Limit}.",
        { MinParameters: < 0 } or { MaxParameters: < 0 } => "A number of parameters is not negative.",
        { MinParameters: { } min, MaxParameters: { } max } when min > max => $"No model has at least {min} and at most {max} parameters. Exchange the bounds.",
        _ => null,
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:/+-]{0,95}\z", RegexOptions.None, 1000)]
    private static partial Regex Tag();
}
