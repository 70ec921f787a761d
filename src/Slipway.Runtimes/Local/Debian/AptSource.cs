namespace Slipway.Runtimes.Local.Debian;

/// <summary>One archive that apt on this machine is set to use.</summary>
/// <param name="Uri">Address of the archive, as the machine's owner configured it.</param>
/// <param name="Suites">Its suites.</param>
/// <param name="Components">Its components.</param>
/// <param name="SignedBy">Keyring that the entry names; null for apt's trusted keys.</param>
public sealed record AptSource(string Uri, IReadOnlyList<string> Suites, IReadOnlyList<string> Components, string? SignedBy);

/// <summary>Reads apt's source lists. Both formats are described in sources.list(5).</summary>
public static class AptSources
{
    /// <summary>All enabled binary sources of this machine.</summary>
    /// <param name="etc">Apt's configuration directory.</param>
    public static IReadOnlyList<AptSource> Read(string etc = "/etc/apt")
    {
        var parts = Path.Combine(etc, "sources.list.d");
        var files = new List<string> { Path.Combine(etc, "sources.list") };
        if (Directory.Exists(parts)) files.AddRange(Directory.EnumerateFiles(parts).Order(StringComparer.Ordinal));
        return [.. files.Where(File.Exists).SelectMany(static file => Path.GetExtension(file) switch
        {
            ".sources" => ParseDeb822(File.ReadAllText(file)),
            ".list" => ParseList(File.ReadAllText(file)),
            _ => [],
        })];
    }

    /// <summary>The format of <c>*.sources</c>: stanzas of fields.</summary>
    public static IEnumerable<AptSource> ParseDeb822(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var last = "";
        foreach (var line in text.Split('\n').Append(""))
        {
            if (line.StartsWith('#')) continue;
            if (string.IsNullOrWhiteSpace(line))
            {
                foreach (var source in FromFields(fields)) yield return source;
                fields.Clear();
            }
            else if (char.IsWhiteSpace(line[0]))
            {
                fields[last] = $"{fields.GetValueOrDefault(last)}\n{line.Trim()}";
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                last = line[..colon].Trim();
                fields[last] = line[(colon + 1)..].Trim();
            }
        }
    }

    /// <summary>The one-line format of <c>*.list</c>: <c>deb [options] uri suite component...</c></summary>
    public static IEnumerable<AptSource> ParseList(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (!line.StartsWith("deb ", StringComparison.Ordinal) && !line.StartsWith("deb\t", StringComparison.Ordinal)) continue;
            var rest = line[4..].Split('#')[0].Trim();
            string? signedBy = null;
            if (rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is > 0 and var end)
            {
                signedBy = Words(rest[1..end]).Select(static o => o.Split('=', 2))
                    .FirstOrDefault(static o => o is ["signed-by", _])?[1];
                rest = rest[(end + 1)..];
            }

            if (Words(rest) is [var uri, var suite, .. var components]) yield return new AptSource(uri, [suite], components, signedBy);
        }
    }

    private static IEnumerable<AptSource> FromFields(Dictionary<string, string> fields)
    {
        if (!Words(fields.GetValueOrDefault("Types")).Contains("deb", StringComparer.Ordinal)) yield break;
        if (string.Equals(fields.GetValueOrDefault("Enabled"), "no", StringComparison.OrdinalIgnoreCase)) yield break;
        // A key written into the field itself, instead of a path, is more than one line.
        var signedBy = fields.GetValueOrDefault("Signed-By") is { } key && key.StartsWith('/') && !key.Contains('\n') ? key : null;
        foreach (var uri in Words(fields.GetValueOrDefault("URIs")))
            yield return new AptSource(uri, Words(fields.GetValueOrDefault("Suites")), Words(fields.GetValueOrDefault("Components")), signedBy);
    }

    private static string[] Words(string? text) => (text ?? "").Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
