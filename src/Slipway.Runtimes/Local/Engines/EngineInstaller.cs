using Slipway.Runtimes.Local.Commands;
using Slipway.Runtimes.Local.Debian;

namespace Slipway.Runtimes.Local.Engines;

/// <summary>Installs llama-server into the data directory, or with Homebrew. System libraries are never touched.</summary>
/// <param name="locator">Finds what is there already, and what was installed.</param>
/// <param name="fetcher">Gets packages; null for the one of this machine.</param>
public sealed class EngineInstaller(EngineLocator locator, DebianFetcher? fetcher = null)
{
    private readonly DebianFetcher? _fetcher = fetcher ?? DebianFetcher.ForThisMachine();

    /// <summary>Installs an engine unless there is one. Only one process installs at a time; a broken installation leaves nothing behind.</summary>
    /// <param name="progress">Told how far the installation is.</param>
    /// <param name="cancellationToken">Ends the installation.</param>
    /// <returns>The engine, or why none could be installed and what to type instead.</returns>
    public async Task<EngineResolution> InstallAsync(IProgress<InstallProgress>? progress, CancellationToken cancellationToken)
    {
        if (await locator.FindAsync(cancellationToken) is EngineResolution.Found present) return present;
        if (OperatingSystem.IsMacOS()) return await InstallWithHomebrewAsync(progress, cancellationToken);
        if (_fetcher is null) return new EngineResolution.Unavailable(Advice("This machine has neither Debian's nor Ubuntu's packages."));
        try
        {
            return await InstallFromDebianAsync(_fetcher, progress, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new EngineResolution.Unavailable($"The engine could not be written to {locator.Options.EnginesDirectory}: {e.Message}");
        }
    }

    private async Task<EngineResolution> InstallFromDebianAsync(DebianFetcher debian, IProgress<InstallProgress>? progress, CancellationToken cancellationToken)
    {
        var engines = locator.Options.EnginesDirectory;
        using var exclusive = await FileLock.TakeAsync(Path.Combine(engines, ".lock"), locator.Options.Time, cancellationToken);
        // Another process may have installed while this one waited.
        if (await locator.FindAsync(cancellationToken) is EngineResolution.Found present) return present;
        foreach (var broken in Directory.EnumerateDirectories(engines, ".unpack-*")) Directory.Delete(broken, recursive: true);

        var unpacked = Path.Combine(engines, $".unpack-{Guid.NewGuid():N}");
        try
        {
            var steps = progress is null ? null : new Steps(progress);
            var fetched = await debian.FetchNewerAsync(["llama.cpp-tools"], unpacked, steps, cancellationToken);
            if (fetched is not { Error: null, Version: { } version, Suite: { } suite })
                return new EngineResolution.Unavailable(Advice($"{debian.Name}'s packages gave no llama.cpp: {fetched.Error}."));
            DebianPrefix.LinkBackends(unpacked);
            EngineFolders.WriteSource(unpacked, $"{debian.Name} {suite}");
            var folder = EngineFolders.For(engines, version);
            // What is there under this name was found not to start, or the locator would have taken it.
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(unpacked, folder);
            progress?.Report(new InstallProgress($"llama.cpp {version} from {debian.Name} {suite}, {fetched.DownloadedBytes / 1e6:0.0} MB", 1));
        }
        finally
        {
            if (Directory.Exists(unpacked)) Directory.Delete(unpacked, recursive: true);
        }

        return await locator.FindAsync(cancellationToken);
    }

    private async Task<EngineResolution> InstallWithHomebrewAsync(IProgress<InstallProgress>? progress, CancellationToken cancellationToken)
    {
        if (Command.Find("brew", locator.Options.Variable("PATH")) is not { } brew)
            return new EngineResolution.Unavailable(Advice("Homebrew is not on PATH."));
        progress?.Report(new InstallProgress("brew install llama.cpp", 0));
        var result = await Command.RunAsync(brew, ["install", "llama.cpp"], cancellationToken: cancellationToken);
        return result.Succeeded
            ? await locator.FindAsync(cancellationToken)
            : new EngineResolution.Unavailable($"'brew install llama.cpp' failed: {result.LastWords()}");
    }

    /// <summary>Upstream's release archives are not fetched: that needs a digest pinned here for each release, and distributions sign theirs.</summary>
    private static string Advice(string why) =>
        $"No llama-server can be installed here. {why} Install llama.cpp by hand ("
        + (OperatingSystem.IsMacOS() ? "'brew install llama.cpp'" : OperatingSystem.IsWindows() ? "'winget install llama.cpp'"
            : "'sudo apt install llama.cpp', 'sudo dnf install llama-cpp', 'nix profile install nixpkgs#llama-cpp', or 'brew install llama.cpp'")
        + $"), or set {EngineLocator.OverrideVariable} to the path of a llama-server.";

    private sealed class Steps(IProgress<InstallProgress> progress) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value) => progress.Report(new InstallProgress(value.Step, value.Fraction));
    }
}
