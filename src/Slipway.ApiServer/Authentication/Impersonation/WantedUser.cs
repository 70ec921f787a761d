using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authentication.Impersonation;

/// <summary>Whom a request wants to act as, as its headers say it (Kubernetes documentation, "User impersonation").</summary>
internal sealed record WantedUser(string Name, string Uid, IReadOnlyList<string> Groups, IReadOnlyDictionary<string, IReadOnlyList<string>> Extra)
{
    private const string User = "Impersonate-User", UidHeader = "Impersonate-Uid", Group = "Impersonate-Group", ExtraPrefix = "Impersonate-Extra-";

    private static readonly Dictionary<string, IReadOnlyList<string>> s_nothing = [];

    public bool IsNameOnly => Uid.Length == 0 && Groups.Count == 0 && Extra.Count == 0;

    /// <returns>The user, or <see langword="null"/> when the request speaks for itself.</returns>
    /// <exception cref="ApiException">400: something of a user is wanted, but no user.</exception>
    public static WantedUser? Of(IHeaderDictionary headers)
    {
        Dictionary<string, IReadOnlyList<string>>? extra = null;
        foreach (var (header, values) in headers)
        {
            if (!header.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase)) continue;
            var key = Uri.UnescapeDataString(header[ExtraPrefix.Length..].ToLowerInvariant());
            extra ??= new(StringComparer.Ordinal);
            extra[key] = [.. extra.GetValueOrDefault(key) ?? [], .. values.OfType<string>()];
        }

        var groups = headers.TryGetValue(Group, out var given) ? given.OfType<string>().ToList() : (IReadOnlyList<string>)[];
        var uid = headers.TryGetValue(UidHeader, out var uids) ? uids[0] ?? "" : "";
        var name = headers.TryGetValue(User, out var users) ? users[0] ?? "" : "";
        if (name.Length > 0) return new(name, uid, groups, extra ?? s_nothing);
        if (uid.Length == 0 && groups.Count == 0 && extra is null) return null;
        throw Errors.BadRequest($"requested {Show(uid, groups, extra)} without impersonating a user name");
    }

    // In the form in which Go prints the value, which is what upstream answers.
    private static string Show(string uid, IReadOnlyList<string> groups, Dictionary<string, IReadOnlyList<string>>? extra)
    {
        static string List(IReadOnlyList<string> items) => $"[]string{{{string.Join(", ", items.Select(i => JsonText.Of(i)))}}}";
        var shownGroups = groups.Count == 0 ? "[]string(nil)" : List(groups);
        var shownExtra = extra is null ? "map[string][]string(nil)"
            : $"map[string][]string{{{string.Join(", ", extra.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{JsonText.Of(e.Key)}:{List(e.Value)}"))}}}";
        return $"&user.DefaultInfo{{Name:\"\", UID:{JsonText.Of(uid)}, Groups:{shownGroups}, Extra:{shownExtra}}}";
    }
}
