using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Up;

[Trait("Speed", "slow")]
public sealed class OpenAIClientTests
{
    [Fact]
    public async Task The_official_client_lists_asks_streams_and_understands_a_refusal()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], TestContext.Current.CancellationToken);
        Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat")).Succeeded);

        var packages = await Tools.NpmAsync("openai", "openai@7.57.0");
        var node = await Tools.NodeAsync();
        var result = await node.RunAsync(
            [Path.Combine(AppContext.BaseDirectory, "Clients", "openai.mjs"), packages, $"{slipway.Gateway}v1"], TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, result.Errors);

        var got = JsonNode.Parse(result.Output)!;
        Assert.Equal(["tiny-chat"], got["models"]!.AsArray().Select(m => (string?)m));
        Assert.Equal("42", ((string?)got["whole"])?.Trim());
        Assert.Equal("42", ((string?)got["streamed"])?.Trim());
        Assert.Equal((404, "model_not_found", "NotFoundError"), ((int)got["refusal"]!["status"]!, (string?)got["refusal"]!["code"], (string?)got["refusal"]!["type"]));
    }
}
