using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Up;

/// <summary>The main job: a model declared, served and answered on one machine.</summary>
[Trait("Speed", "slow")]
public sealed class FirstModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_manifest_becomes_an_answer_and_leaves_nothing_behind()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], Token);

        await slipway.KubectlOkAsync("apply", "-f", Path.Combine(Tools.RepositoryRoot, "examples", "tiny-chat.yaml"));
        await slipway.KubectlOkAsync("wait", "--for=condition=Ready", "modeldeployment/tiny-chat", "--timeout=120s");
        Assert.Equal("42", (await Ask.WholeAsync(slipway.Gateway, "tiny-chat", Ask.Sum))?.Trim());
        var (streamed, pieces) = await Ask.StreamedAsync(slipway.Gateway, "slipway/tiny-chat", Ask.Sum);
        Assert.Equal("42", streamed.Trim());
        Assert.True(pieces > 1, "A streamed answer comes in more than one piece.");
        Assert.Single(Processes.Engines(folder.Path));

        await slipway.KubectlOkAsync("delete", "modeldeployment", "tiny-chat", "--timeout=30s");
        Assert.Empty(Processes.All(folder.Path));
        Assert.Empty(Directory.EnumerateFiles(folder["x"], "*tiny-chat*", SearchOption.AllDirectories));

        slipway.Interrupt();
        await slipway.ExitsWellAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Ctrl_C_stops_everything_within_five_seconds_and_the_state_is_there_again_after()
    {
        using var folder = new TempDirectory();
        await using (var first = await SlipwayProcess.UpAsync(folder["x"], Token))
        {
            var deployed = await first.RunAsync("deploy", "slipway/tiny-chat", "--replicas", "2");
            Assert.True(deployed.Succeeded, deployed.Errors);
            Assert.Equal(2, Processes.Engines(folder.Path).Count);
            first.Interrupt();
            await first.ExitsWellAsync(TimeSpan.FromSeconds(5));
            Assert.Empty(Processes.All(folder.Path));
        }

        await using var second = await SlipwayProcess.UpAsync(folder["x"], Token);
        await second.KubectlOkAsync("wait", "--for=jsonpath={.status.replicas.ready}=2", "modeldeployment/tiny-chat", "--timeout=60s");
        await Eventually.TrueAsync(
            async () => ((await Ask.StatusAsync(second.Gateway, "tiny-chat")).Status is System.Net.HttpStatusCode.OK, "no answer"), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Two_instances_live_side_by_side_and_a_second_one_on_the_same_data_does_not()
    {
        using var folder = new TempDirectory();
        await using var one = await SlipwayProcess.UpAsync(folder["one"], Token);
        await using var two = await SlipwayProcess.UpAsync(folder["two"], Token);
        Assert.NotEqual(one.Gateway, two.Gateway);

        await using var same = SlipwayProcess.Start(folder["one"]);
        Assert.Equal(1, await same.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains($"Slipway already runs on {folder["one"]} (process {one.Pid}, web page {one.Web})", same.Output, StringComparison.Ordinal);
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Files_with_keys_are_for_their_owner_alone()
    {
        using var folder = new TempDirectory();
        Directory.CreateDirectory(folder["home"]);
        await using var slipway = SlipwayProcess.StartWith(folder["x"], new() { ["HOME"] = folder["home"] });
        await slipway.WaitForAsync("Ctrl-C stops everything", Token);
        // Nothing is left, or warned of, where nobody asked for it.
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["home"]));
        Assert.DoesNotContain("warn", slipway.Output, StringComparison.OrdinalIgnoreCase);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder["x"], "apiserver", "pki")).Append(slipway.Kubeconfig))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(folder["x"]) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute));
    }
}
