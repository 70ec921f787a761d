using System.Text;
using Slipway.Models.Memory;

namespace Slipway.Models.Hub.Search;

/// <summary>Writes a query as the hub reads it.</summary>
/// <remarks><see href="https://huggingface.co/docs/hub/api"/>; names of fields as <c>list_models</c> of huggingface_hub sends them.</remarks>
internal static class SearchAddress
{
    // With expand the hub answers only these, and full= and config= must be absent. The two long ones are config and gguf:
    // they repeat the chat template.
    private static readonly string[] s_fields =
        ["config", "createdAt", "downloads", "gated", "gguf", "lastModified", "library_name", "likes", "pipeline_tag", "private", "safetensors", "tags", "trendingScore"];

    /// <summary>Paths under the endpoint of the first pages, one for each of the hub's tasks that the query covers.</summary>
    public static IReadOnlyList<string> Of(SearchQuery query) =>
        query.Task is { } task ? [.. TaskTags.Of(task).Select(tag => Path(query, tag))] : [Path(query, null)];

    private static string Path(SearchQuery query, string? task)
    {
        var path = new StringBuilder("api/models?");
        Add("search", string.IsNullOrWhiteSpace(query.Text) ? null : query.Text.Trim());
        Add("author", query.Author);
        Add("pipeline_tag", task);
        foreach (var tag in Filters(query)) Add("filter", tag);
        Add("gated", query.Gated switch { true => "true", false => "false", null => null });
        Add("sort", Key(query.Sort));
        Add("direction", "-1");
        foreach (var field in s_fields) Add("expand[]", field);
        Add("limit", $"{query.Limit}");
        return path.ToString(0, path.Length - 1);

        void Add(string name, string? value)
        {
            if (value is not null) path.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value)).Append('&');
        }
    }

    /// <summary>Tags that the hub itself checks. An engine asks for the format of weights that it reads.</summary>
    private static IEnumerable<string> Filters(SearchQuery query)
    {
        var tags = query.Tags.AsEnumerable();
        if (query.Licence is { } licence) tags = tags.Append("license:" + licence);
        if (query.Engine is { } engine) tags = tags.Append(engine == ServingEngine.LlamaCpp ? "gguf" : "safetensors");
        return tags.Distinct(StringComparer.Ordinal);
    }

    private static string Key(SearchSort sort) => sort switch
    {
        SearchSort.Trending => "trendingScore",
        SearchSort.Downloads => "downloads",
        SearchSort.Likes => "likes",
        SearchSort.Created => "createdAt",
        SearchSort.Modified => "lastModified",
        _ => throw new ArgumentOutOfRangeException(nameof(sort)),
    };
}
