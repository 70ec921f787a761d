using Slipway.Runtimes.Local.Commands;

namespace Slipway.Runtimes.Local.Debian;

/// <summary>How far a fetch is.</summary>
/// <param name="Step">What is being done, in words.</param>
/// <param name="Fraction">Part of the step that is done, from 0 to 1.</param>
public sealed record FetchProgress(string Step, double Fraction);

/// <summary>Outcome of a fetch.</summary>
/// <param name="Suite">Suite that the packages came from; null when there are none.</param>
/// <param name="Version">Version of the first package, without its epoch.</param>
/// <param name="DownloadedBytes">Bytes of the packages.</param>
/// <param name="Error">Why there are none; null when all went well.</param>
public sealed record FetchResult(string? Suite, string? Version, long DownloadedBytes, string? Error);

/// <summary>Unpacks packages of Debian or Ubuntu, with all that they depend on, into a folder of their own.</summary>
/// <remarks>The archive is the one that the machine is set to use. Nothing is installed, no script of a package runs.</remarks>
public sealed class DebianFetcher(Distribution distribution, IReadOnlyList<AptSource> sources)
{
    /// <summary>The fetcher of this machine; null where there is no apt or no archive of the distribution itself.</summary>
    public static DebianFetcher? ForThisMachine()
    {
        if (!OperatingSystem.IsLinux() || Distribution.Current() is not { } distribution) return null;
        var sources = AptSources.Read();
        var path = Environment.GetEnvironmentVariable("PATH");
        var usable = distribution.Archives(sources).Count > 0 && Command.Find("apt-get", path) is not null && Command.Find("dpkg-deb", path) is not null;
        return usable ? new DebianFetcher(distribution, sources) : null;
    }

    /// <summary>Name of the distribution, for people.</summary>
    public string Name => distribution.Id == "debian" ? "Debian" : "Ubuntu";

    /// <summary>Fetches from the first newer suite that has the packages.</summary>
    /// <param name="packages">Names of packages; the first one gives the version.</param>
    /// <param name="prefix">Folder to unpack into; it must be empty or missing.</param>
    /// <param name="progress">Told how far the fetch is.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    public async Task<FetchResult> FetchNewerAsync(IReadOnlyList<string> packages, string prefix, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        foreach (var archive in distribution.Archives(sources).DistinctBy(static a => a.Uri))
        {
            foreach (var suite in distribution.NewerSuites)
            {
                var result = await FetchAsync(archive, suite, packages, prefix, Keyring(archive), progress, cancellationToken);
                if (result.Error is null) return result;
                errors.Add($"{suite}: {result.Error}");
                if (!IsMissingKey(result.Error)) continue;
                // This machine's keys are older than the suite's. The newer keys are in a package of the machine's own release,
                // which the old keys do verify: the chain of trust has one more link, and no gap.
                if (await NewerKeyringAsync(archive, progress, cancellationToken) is not { } keys) continue;
                using (keys)
                {
                    result = await FetchAsync(archive, suite, packages, prefix, keys.Path, progress, cancellationToken);
                    if (result.Error is null) return result;
                    errors.Add($"{suite} with newer keys: {result.Error}");
                }
            }
        }

        return new FetchResult(null, null, 0, string.Join("; ", errors));
    }

    /// <summary>Fetches from the machine's own release, exactly as apt would install.</summary>
    /// <param name="packages">Names of packages; the first one gives the version.</param>
    /// <param name="prefix">Folder to unpack into; it must be empty or missing.</param>
    /// <param name="progress">Told how far the fetch is.</param>
    /// <param name="cancellationToken">Ends the fetch.</param>
    public Task<FetchResult> FetchOwnAsync(IReadOnlyList<string> packages, string prefix, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var own = sources.Where(s => s.Suites.Any(suite => suite.StartsWith(distribution.Codename, StringComparison.Ordinal))
            && s.SignedBy?.Contains($"{distribution.Id}-archive", StringComparison.Ordinal) != false);
        var text = string.Join('\n', own.Select(s => Stanza(s.Uri, s.Suites, s.Components, s.SignedBy ?? Keyring(s))));
        return RunAsync(text, distribution.Codename, packages, prefix, progress, cancellationToken);
    }

    private Task<FetchResult> FetchAsync(
        AptSource archive, string suite, IReadOnlyList<string> packages, string prefix, string? keyring, IProgress<FetchProgress>? progress, CancellationToken cancellationToken) =>
        RunAsync(Stanza(archive.Uri, [suite], distribution.Components, keyring), suite, packages, prefix, progress, cancellationToken);

    private async Task<FetchResult> RunAsync(
        string sourcesText, string suite, IReadOnlyList<string> packages, string prefix, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        using var apt = new PrivateApt(sourcesText);
        var lists = await apt.UpdateAsync(p => progress?.Report(new($"Reading the package lists of {Name} {suite}", p)), cancellationToken);
        if (!lists.Succeeded) return Failed("the package lists could not be fetched", lists);
        var download = await apt.DownloadAsync(packages, p => progress?.Report(new($"Downloading {packages[0]} from {Name} {suite}", p)), cancellationToken);
        if (!download.Succeeded) return Failed("the packages could not be fetched", download);
        var files = apt.Packages();
        Directory.CreateDirectory(prefix);
        for (var i = 0; i < files.Count; i++)
        {
            progress?.Report(new("Unpacking", (double)i / files.Count));
            var unpacked = await Command.RunAsync("dpkg-deb", ["--extract", files[i], prefix], cancellationToken: cancellationToken);
            if (!unpacked.Succeeded) return Failed($"{Path.GetFileName(files[i])} could not be unpacked", unpacked);
        }

        var first = files.First(f => Path.GetFileName(f).StartsWith(packages[0] + "_", StringComparison.Ordinal));
        var version = await Command.RunAsync("dpkg-deb", ["--field", first, "Version"], cancellationToken: cancellationToken);
        return new FetchResult(suite, version.Output.Trim().Split(':')[^1], files.Sum(static f => new FileInfo(f).Length), null);
    }

    private async Task<UnpackedKeyring?> NewerKeyringAsync(AptSource archive, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-keys-").FullName;
        var suite = archive.Suites.FirstOrDefault(s => s == distribution.Codename) ?? archive.Suites[0];
        var result = await FetchAsync(archive, suite, [distribution.KeyringPackage], folder, Keyring(archive), progress, cancellationToken);
        var path = distribution.Keyrings.Select(k => Path.Combine(folder, k)).FirstOrDefault(File.Exists);
        if (result.Error is null && path is not null) return new UnpackedKeyring(folder, path);
        Directory.Delete(folder, recursive: true);
        return null;
    }

    private string? Keyring(AptSource archive) =>
        archive.SignedBy is { } own && File.Exists(own) ? own : distribution.Keyrings.Select(static k => "/" + k).FirstOrDefault(File.Exists);

    private static string Stanza(string uri, IEnumerable<string> suites, IEnumerable<string> components, string? keyring) =>
        $"Types: deb\nURIs: {uri}\nSuites: {string.Join(' ', suites)}\nComponents: {string.Join(' ', components)}\n"
        + (keyring is null ? "" : $"Signed-By: {keyring}\n");

    private static bool IsMissingKey(string error) =>
        error.Contains("NO_PUBKEY", StringComparison.Ordinal) || error.Contains("Missing key", StringComparison.OrdinalIgnoreCase);

    private static FetchResult Failed(string what, CommandResult result) => new(null, null, 0, $"{what} ({result.LastWords()})");

    private sealed record UnpackedKeyring(string Folder, string Path) : IDisposable
    {
        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
