using Slipway.Runtimes.Local.Engines;
using Slipway.Testing;

namespace Slipway.Runtimes.Tests.Local;

public sealed class EngineProbeTests
{
    [Theory]
    [InlineData("version: 0.7.0 (build 11669, commit Debian)\nbuilt with GNU", "0.7.0 (build 11669, commit Debian)")]
    [InlineData("ggml: noise\nversion: 6541 (abc)\n", "6541 (abc)")]
    [InlineData("hello", "unknown")]
    public void The_version_is_read(string output, string version) => Assert.Equal(version, EngineProbe.ParseVersion(output));

    [Fact]
    public void Options_are_read_from_their_column_only()
    {
        var options = EngineProbe.ParseOptions("""
            ----- common params -----
            -c,    --ctx-size N                     size of the prompt context, see --fit
            -fit,  --fit [on|off]                   whether to adjust
            --ui,  --webui, --no-ui, --no-webui     whether to enable
            --spec-draft-hf, -hfd, -hfrd, --hf-repo-draft <user>/<model>[:quant]
                                                    Same as --hf-repo, but
            """);

        Assert.Equal(
            ["--ctx-size", "--fit", "--hf-repo-draft", "--no-ui", "--no-webui", "--spec-draft-hf", "--ui", "--webui", "-c", "-fit", "-hfd", "-hfrd"],
            options.Where(static o => char.IsLetter(o.TrimStart('-')[0])).Order(StringComparer.Ordinal).Where(static o => o != "-----"));
    }

    [Fact]
    public async Task An_engine_that_is_named_but_does_not_start_is_reported_and_no_other_is_taken()
    {
        using var folder = new TempDirectory();
        var broken = folder.WriteProgram("llama-server", "echo no such library >&2; exit 127");
        using var locator = new EngineLocator(new LocalEngineOptions
        {
            DataDirectory = folder.Path,
            Variable = name => name == EngineLocator.OverrideVariable ? broken : Environment.GetEnvironmentVariable(name),
        });

        var answer = Assert.IsType<EngineResolution.Unavailable>(await locator.FindAsync(TestContext.Current.CancellationToken));

        Assert.Contains(broken, answer.Message, StringComparison.Ordinal);
        Assert.Contains("no such library", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_on_PATH_is_found()
    {
        using var folder = new TempDirectory();
        var engine = folder.WriteProgram("llama-server", "[ \"$1\" = --version ] && echo 'version: 42 (x)' >&2 || echo '--ctx-size N   size'");
        using var locator = new EngineLocator(new LocalEngineOptions { DataDirectory = folder["data"], Variable = name => name == "PATH" ? folder.Path : null });

        var found = Assert.IsType<EngineResolution.Found>(await locator.FindAsync(TestContext.Current.CancellationToken)).Command;

        Assert.Equal(("42 (x)", "PATH", engine), (found.Version, found.Source, found.Path));
        Assert.Equal(["--ctx-size"], found.Options);
    }
}
