using System.Text.RegularExpressions;

namespace Slipway.Models.Hub.Search;

/// <summary>Finds where the next page begins: <c>Link: &lt;https://…/api/models?…&amp;cursor=…&gt;; rel="next"</c> (RFC 8288).</summary>
/// <remarks>
/// Only the cursor is taken from the link. The address asked is always made from the endpoint and the query, so that a link to another
/// host is never followed, and a mirror that repeats the hub's own links still shows every page.
/// </remarks>
internal static partial class ListingLink
{
    private const int MaxCursor = 4096;

    /// <summary>The next page's cursor.</summary>
    /// <returns>The cursor; null at the last page; empty when there is a link without a usable cursor.</returns>
    public static string? NextCursor(HttpResponseMessage response, Uri endpoint)
    {
        if (!response.Headers.TryGetValues("Link", out var lines)) return null;
        var links = string.Join(", ", lines);
        if (links.Length > 4 * MaxCursor) return "";
        var next = Link().Matches(links).FirstOrDefault(static m => Relation().IsMatch(m.Groups["parameters"].Value));
        if (next is null) return null;
        if (!Uri.TryCreate(endpoint, next.Groups["address"].Value, out var address)) return "";
        var cursor = address.Query.TrimStart('?').Split('&').FirstOrDefault(static p => p.StartsWith("cursor=", StringComparison.Ordinal));
        return cursor is null ? "" : Uri.UnescapeDataString(cursor["cursor=".Length..]) is { Length: <= MaxCursor } text ? text : "";
    }

    [GeneratedRegex("<(?<address>[^>]*)>(?<parameters>[^<]*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(";\\s*rel\\s*=\\s*(\"next\"|next\\b)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Relation();
}
