namespace Slipway.Runtimes.Local.Debian;

/// <summary>The distribution of this machine, as far as its package archive matters.</summary>
/// <param name="Id"><c>debian</c> or <c>ubuntu</c>.</param>
/// <param name="Codename">Its release, for example <c>bookworm</c>.</param>
public sealed record Distribution(string Id, string Codename)
{
    /// <summary>Suites to look in for a package that this release may be too old for, in order. The names stay while releases come and go.</summary>
    public IReadOnlyList<string> NewerSuites => Id == "debian" ? ["testing", "unstable"] : [Codename, "devel"];

    /// <summary>Components with free software.</summary>
    public IReadOnlyList<string> Components => Id == "debian" ? ["main"] : ["main", "universe"];

    /// <summary>Package that holds the archive's keys.</summary>
    public string KeyringPackage => Id == "debian" ? "debian-archive-keyring" : "ubuntu-keyring";

    /// <summary>Places of the archive's keys on a machine, or in an unpacked <see cref="KeyringPackage"/>.</summary>
    public IReadOnlyList<string> Keyrings =>
        [$"usr/share/keyrings/{Id}-archive-keyring.pgp", $"usr/share/keyrings/{Id}-archive-keyring.gpg"];

    /// <summary>Reads os-release(5); null for a distribution that is neither Debian, nor Ubuntu, nor made from Ubuntu.</summary>
    /// <param name="osRelease">Content of the file.</param>
    public static Distribution? Parse(string osRelease)
    {
        ArgumentNullException.ThrowIfNull(osRelease);
        var values = osRelease.Split('\n', StringSplitOptions.TrimEntries).Select(static l => l.Split('=', 2)).Where(static p => p.Length == 2)
            .GroupBy(static p => p[0], StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Last()[1].Trim('"', '\''), StringComparer.Ordinal);
        if (values.GetValueOrDefault("UBUNTU_CODENAME") is { Length: > 0 } ubuntu) return new Distribution("ubuntu", ubuntu);
        return values.GetValueOrDefault("ID") == "debian" ? new Distribution("debian", values.GetValueOrDefault("VERSION_CODENAME") ?? "testing") : null;
    }

    /// <summary>The distribution of this machine; null when it is another one.</summary>
    public static Distribution? Current() => File.Exists("/etc/os-release") ? Parse(File.ReadAllText("/etc/os-release")) : null;

    /// <summary>The sources of this machine that carry the distribution itself, likeliest first.</summary>
    /// <remarks>A third party may use the same suite name; its archive fails later, because it is not signed with the distribution's key.</remarks>
    public IReadOnlyList<AptSource> Archives(IEnumerable<AptSource> sources) =>
        [.. sources.Where(s => s.Components.Contains("main", StringComparer.Ordinal) && s.Suites.Any(IsOwn))
            .OrderByDescending(s => s.SignedBy?.Contains($"{Id}-archive", StringComparison.Ordinal) == true)];

    private bool IsOwn(string suite) => suite == Codename || suite is "stable" or "oldstable" or "testing" or "unstable" or "sid";
}
