using Slipway.Commands;
using Slipway.Runtimes.Local.Commands;
using Slipway.Tests.Running;
using Slipway.Web.Manifests;

namespace Slipway.Tests.Cli;

public sealed class HelpTests
{
    public static TheoryData<string> Commands => [.. Root.Create().Subcommands.Select(c => c.Name).Where(n => n != "engine")];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_command_shows_examples(string command)
    {
        var help = await Command.RunAsync(SlipwayProcess.Program, [command, "--help"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains($"Examples:\n", help.Output, StringComparison.Ordinal);
        Assert.Contains($"slipway {command}", help.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completion_scripts_are_printed(string shell)
    {
        var script = await Command.RunAsync(SlipwayProcess.Program, ["completion", shell], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains("[suggest:", script.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Qwen/Qwen3-0.6B-GGUF", "qwen3-0-6b")]
    [InlineData("slipway/tiny-chat", "tiny-chat")]
    [InlineData("org/1B_Model", "m-1b-model")]
    [InlineData("gpt2", "gpt2")]
    public void A_deployment_is_named_after_its_model(string model, string name) => Assert.Equal(name, DeploymentNames.For(model));
}
