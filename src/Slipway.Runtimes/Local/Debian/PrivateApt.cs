using System.Globalization;
using Slipway.Runtimes.Local.Commands;

namespace Slipway.Runtimes.Local.Debian;

/// <summary>apt with a state of its own: it downloads packages, verified as always, and neither installs nor changes anything on the machine.</summary>
/// <remarks>The chain of trust is apt's: keyring, signed Release file, checksum of the index in it, sha256 of each package in the index. Needs no root.</remarks>
internal sealed class PrivateApt : IDisposable
{
    private readonly string _folder;
    private readonly List<string> _options;

    /// <summary>Prepares an empty state.</summary>
    /// <param name="sources">What to read, in the format of <c>*.sources</c>.</param>
    public PrivateApt(string sources)
    {
        _folder = Directory.CreateTempSubdirectory("slipway-apt-").FullName;
        foreach (var sub in new[] { "state/lists/partial", "cache/archives/partial", "etc" }) Directory.CreateDirectory(At(sub));
        File.WriteAllText(At("state/status"), "");
        File.WriteAllText(At("etc/slipway.sources"), sources);
        // The machine's own settings stay in force (proxies, timeouts), but not its hooks: they would run as part of our update
        // and, for example, empty the system's package cache.
        File.WriteAllText(At("etc/apt.conf"), "#clear APT::Update;\n#clear DPkg::Pre-Invoke;\n#clear DPkg::Post-Invoke;\n#clear DPkg::Pre-Install-Pkgs;\n");
        _options =
        [
            "-q", "-y", "-c", At("etc/apt.conf"),
            .. Set("Dir::State", At("state")), .. Set("Dir::State::status", At("state/status")), .. Set("Dir::Cache", At("cache")),
            .. Set("Dir::Etc::sourcelist", At("etc/slipway.sources")), .. Set("Dir::Etc::sourceparts", "/dev/null"),
            .. Set("Dir::Etc::preferences", "/dev/null"), .. Set("Dir::Etc::preferencesparts", "/dev/null"),
            .. Set("Acquire::Languages", "none"), .. Set("Acquire::IndexTargets::deb::DEP-11::DefaultEnabled", "false"),
            .. Set("Acquire::AllowInsecureRepositories", "false"), .. Set("APT::Get::AllowUnauthenticated", "false"),
            .. Set("Acquire::Retries", "2"), .. Set("APT::Install-Recommends", "false"), .. Set("APT::Status-Fd", "1"),
            // Root's apt downloads as the user _apt, who may not enter this folder.
            .. Set("APT::Sandbox::User", "root"),
        ];
    }

    /// <summary>Fetches the package lists.</summary>
    public Task<CommandResult> UpdateAsync(Action<double> progress, CancellationToken cancellationToken) =>
        RunAsync(["update", "--error-on=any"], progress, cancellationToken);

    /// <summary>Downloads packages with all that they depend on.</summary>
    public Task<CommandResult> DownloadAsync(IEnumerable<string> packages, Action<double> progress, CancellationToken cancellationToken) =>
        RunAsync(["--download-only", "install", .. packages], progress, cancellationToken);

    /// <summary>What was downloaded.</summary>
    public IReadOnlyList<string> Packages() => [.. Directory.EnumerateFiles(At("cache/archives"), "*.deb").Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<CommandResult> RunAsync(IEnumerable<string> arguments, Action<double> progress, CancellationToken cancellationToken) =>
        Command.RunAsync(
            "apt-get",
            [.. _options, .. arguments],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DEBIAN_FRONTEND"] = "noninteractive" },
            line => Report(line, progress),
            cancellationToken);

    /// <summary>Lines of apt's status, for example <c>dlstatus:3:42.5:Retrieving file 3 of 27</c>.</summary>
    private static void Report(string line, Action<double> progress)
    {
        if (line.StartsWith("dlstatus:", StringComparison.Ordinal) && line.Split(':', 4) is [_, _, var percent, _]
            && double.TryParse(percent, CultureInfo.InvariantCulture, out var value))
            progress(value / 100);
    }

    private static string[] Set(string option, string value) => ["-o", $"{option}={value}"];

    private string At(string path) => Path.Combine(_folder, path);
}
