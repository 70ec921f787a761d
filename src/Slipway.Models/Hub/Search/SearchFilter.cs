namespace Slipway.Models.Hub.Search;

/// <summary>Conditions that are checked here. Null is "cannot be decided", which the query's <see cref="SearchQuery.KeepUnknown"/> decides.</summary>
internal static class SearchFilter
{
    /// <summary>Whether a row of the hub, which has checked words, task, author, tags and licence itself, meets the rest.</summary>
    public static bool Keeps(SearchQuery query, FoundModel model) =>
        (HasSize(query, model) ?? query.KeepUnknown)
        && (query.Engine is not { } engine || (model.HasFormatFor(engine) ?? query.KeepUnknown))
        && (query.Quantization is not { } packing || IsPacked(model, packing))
        && (query.FitsIn is not { } memory || (model.LeastBytes is { } least ? least <= memory : query.KeepUnknown))
        && (query.Gated is not { } gated || (IsGated(model) is { } known ? known == gated : query.KeepUnknown))
        && query.Keep?.Invoke(model) is not false;

    /// <summary>Whether a row of the bundled catalogue meets everything.</summary>
    public static bool KeepsBundled(SearchQuery query, FoundModel model) =>
        (query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => model.Id.Contains(word, StringComparison.OrdinalIgnoreCase))
        && (query.Author is not { } author || model.Id.StartsWith(author + "/", StringComparison.OrdinalIgnoreCase))
        && (query.Task is not { } task || TaskTags.Of(task).Contains(model.Task))
        && query.Tags.All(tag => tag == model.Quantisation || tag == model.Task || model.Tags.Contains(tag))
        && (query.Licence is not { } licence || (model.Licence is { } known ? known == licence : query.KeepUnknown))
        && Keeps(query, model);

    private static bool? HasSize(SearchQuery query, FoundModel model) => (query, model.Parameters) switch
    {
        ({ MinParameters: null, MaxParameters: null }, _) => true,
        (_, null) => null,
        (_, { } parameters) => parameters >= (query.MinParameters ?? 0) && parameters <= (query.MaxParameters ?? long.MaxValue),
    };

    // GGUF is a tag: one repository has many packings of it.
    private static bool IsPacked(FoundModel model, string packing) =>
        string.Equals(model.Quantisation, packing, StringComparison.OrdinalIgnoreCase) || model.Tags.Contains(packing, StringComparer.OrdinalIgnoreCase);

    private static bool? IsGated(FoundModel model) => model.Access switch
    {
        ModelAccess.GatedAuto or ModelAccess.GatedManual => true,
        ModelAccess.Open or ModelAccess.Private => false,
        _ => null,
    };
}
