using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authorization;

/// <summary>Whether the rules that someone holds cover rules that they want to give.</summary>
internal static class Coverage
{
    /// <returns>What is wanted and not held, in the words of upstream's refusal, sorted; empty when all is held.</returns>
    public static IReadOnlyList<string> Missing(IReadOnlyList<PolicyRule> held, IReadOnlyList<PolicyRule> wanted)
    {
        var single = new Dictionary<(string, string, string?), List<string>>();
        var texts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var piece in wanted.SelectMany(Pieces).Where(p => !held.Any(h => Covers(h, p))))
        {
            if (piece.Url is not null)
            {
                texts.Add($"{{NonResourceURLs:{Quote(piece.Url)}, Verbs:{Quote(piece.Verb)}}}");
                continue;
            }

            // What differs only in the verb is told together.
            var key = (piece.Group, piece.Resource, piece.Name);
            if (!single.TryGetValue(key, out var verbs)) single[key] = verbs = [];
            verbs.Add(piece.Verb);
        }

        foreach (var ((group, resource, name), verbs) in single)
            texts.Add($"{{APIGroups:{Quote(group)}, Resources:{Quote(resource)}{(name is null ? "" : $", ResourceNames:{Quote(name)}")}, Verbs:{Quote([.. verbs])}}}");
        return [.. texts];
    }

    /// <summary>Formats as Go's %q does a list of strings.</summary>
    public static string Quote(params IReadOnlyList<string> items) => $"[{string.Join(' ', items.Select(i => JsonText.Of(i)))}]";

    private static bool Covers(PolicyRule rule, Piece piece)
    {
        if (!PolicyRule.Has(rule.Verbs, "*") && !PolicyRule.Has(rule.Verbs, piece.Verb)) return false;
        if (piece.Url is { } url)
            return rule.NonResourceUrls.Any(u => u == url || u.EndsWith('*') && url.StartsWith(u.TrimEnd('*'), StringComparison.Ordinal));
        if (!PolicyRule.Has(rule.ApiGroups, "*") && !PolicyRule.Has(rule.ApiGroups, piece.Group)) return false;
        if (rule.ResourceNames.Length > 0 && (piece.Name is null || !PolicyRule.Has(rule.ResourceNames, piece.Name))) return false;
        var slash = piece.Resource.IndexOf('/', StringComparison.Ordinal);
        return PolicyRule.Has(rule.Resources, "*") || PolicyRule.Has(rule.Resources, piece.Resource) ||
            slash >= 0 && PolicyRule.Has(rule.Resources, "*" + piece.Resource[slash..]);
    }

    private static IEnumerable<Piece> Pieces(PolicyRule rule)
    {
        foreach (var group in rule.ApiGroups)
            foreach (var resource in rule.Resources)
                foreach (var verb in rule.Verbs)
                    foreach (var name in rule.ResourceNames.Length > 0 ? rule.ResourceNames : [null!])
                        yield return new(verb, group, resource, name, null);
        foreach (var url in rule.NonResourceUrls)
            foreach (var verb in rule.Verbs) yield return new(verb, "", "", null, url);
    }

    private readonly record struct Piece(string Verb, string Group, string Resource, string? Name, string? Url);
}
