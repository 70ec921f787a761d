using Slipway.Runtimes.Local.Debian;
using Slipway.Runtimes.Local.Engines;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Local;

[Trait("Speed", "slow")]
public sealed class EngineInstallTests
{
    [Fact]
    public async Task An_engine_is_installed_once_found_again_and_starts()
    {
        using var folder = new TempDirectory();
        var options = new LocalEngineOptions { DataDirectory = folder.Path, Variable = static name => name == "PATH" ? "/nowhere" : null };
        using var locator = new EngineLocator(options);
        var missing = Assert.IsType<EngineResolution.Unavailable>(await locator.FindAsync(TestContext.Current.CancellationToken));

        var steps = new List<InstallProgress>();
        var installed = await new EngineInstaller(locator).InstallAsync(new Reporter(steps), TestContext.Current.CancellationToken);

        Assert.Contains("slipway engine install", missing.Message, StringComparison.Ordinal);
        var command = Assert.IsType<EngineResolution.Found>(installed).Command;
        Assert.StartsWith(folder.Path, command.Path, StringComparison.Ordinal);
        Assert.Contains("--ctx-size", command.Options);
        Assert.NotEqual("unknown", command.Version);
        Assert.Contains(steps, static s => s.Step.StartsWith("Downloading", StringComparison.Ordinal) && s.Fraction > 0);

        using var second = new EngineLocator(options);
        var found = Assert.IsType<EngineResolution.Found>(await second.FindAsync(TestContext.Current.CancellationToken)).Command;
        Assert.Equal(command.Path, found.Path);
        Assert.Equal(["llama.cpp-"], Directory.EnumerateDirectories(options.EnginesDirectory).Select(static d => Path.GetFileName(d)[..10]));
    }

    private sealed class Reporter(List<InstallProgress> steps) : IProgress<InstallProgress>
    {
        public void Report(InstallProgress value) => steps.Add(value);
    }
}

[Trait("Speed", "slow")] // apt tries again after a second or two
public sealed class EngineNotInstallableTests
{
    [Fact]
    public async Task An_archive_that_is_not_there_is_named_with_what_to_do()
    {
        using var folder = new TempDirectory();
        using var locator = new EngineLocator(new LocalEngineOptions { DataDirectory = folder.Path, Variable = static name => name == "PATH" ? "/nowhere" : null });
        // Port 1 of loopback: nothing listens there, and apt is told so at once.
        var nowhere = new AptSource("http://127.0.0.1:1/debian", ["bookworm"], ["main"], SignedBy: null);
        var fetcher = new DebianFetcher(new Distribution("debian", "bookworm"), [nowhere]);

        var answer = await new EngineInstaller(locator, fetcher).InstallAsync(progress: null, TestContext.Current.CancellationToken);

        var message = Assert.IsType<EngineResolution.Unavailable>(answer).Message;
        Assert.Contains("package lists could not be fetched", message, StringComparison.Ordinal);
        Assert.Contains("SLIPWAY_LLAMA_SERVER", message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(folder["engines"]));
    }
}
