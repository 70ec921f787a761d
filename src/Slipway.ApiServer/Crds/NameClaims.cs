using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Crds;

/// <summary>
/// Which of its names a definition has. A name that another definition of the group has is not given, the definition keeps what it had,
/// and without all of its names it is not established (k8s.io/apiextensions-apiserver, controller/status).
/// </summary>
/// <param name="Accepted">The names that it has.</param>
/// <param name="Reason">NoConflicts, or which kind of name is taken.</param>
/// <param name="Message">Which name is taken.</param>
internal sealed record NameClaims(JsonMap Accepted, string Reason, string Message)
{
    private const string Free = "NoConflicts";

    public bool IsAccepted => Reason == Free;

    /// <param name="asked">The names of the specification.</param>
    /// <param name="had">The names that the definition has so far.</param>
    /// <param name="others">The names that the other definitions of the group have.</param>
    public static NameClaims Decide(JsonMap asked, JsonMap had, IEnumerable<JsonMap> others)
    {
        var resources = new HashSet<string>(StringComparer.Ordinal);
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var names in others)
        {
            foreach (var name in (string[])["plural", "singular"])
                if (names.Text(name) is { Length: > 0 } text) resources.Add(text);
            resources.UnionWith(names.List("shortNames")?.Strings() ?? []);
            foreach (var name in (string[])["kind", "listKind"])
                if (names.Text(name) is { Length: > 0 } text) kinds.Add(text);
        }

        var (reason, message) = (Free, "no conflicts found");
        var accepted = new JsonMap();
        foreach (var (name, conflict, taken) in ((string, string, HashSet<string>)[])
            [("plural", "PluralConflict", resources), ("singular", "SingularConflict", resources), ("shortNames", "ShortNamesConflict", resources),
             ("kind", "KindConflict", kinds), ("listKind", "ListKindConflict", kinds)])
        {
            var own = had.At(name);
            var clashes = Names(asked.At(name)).Except(Names(own), StringComparer.Ordinal).Where(taken.Contains).Select(n => $"\"{n}\" is already in use").ToList();
            if (clashes.Count > 0) (reason, message) = (conflict, clashes.Count == 1 ? clashes[0] : $"[{string.Join(", ", clashes)}]");
            var given = clashes.Count > 0 ? own : asked.At(name);
            if (given is not null) accepted[name] = JsonValues.Copy(given);
            else if (name is "plural" or "kind") accepted[name] = "";
        }

        if (asked.At("categories") is { } categories) accepted["categories"] = JsonValues.Copy(categories);
        return new(accepted, reason, message);
    }

    private static IEnumerable<string> Names(object? names) => names switch
    {
        string text => [text],
        JsonList list => list.Strings(),
        _ => [],
    };
}
