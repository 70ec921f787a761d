using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Models;

/// <summary>The models that come with Slipway: the good one is good, and its siblings are visibly worse.</summary>
[Trait("Speed", "slow")]
public sealed class BundledModelTests
{
    private static readonly string s_folder = Path.Combine(Tools.RepositoryRoot, "models");

    [Fact]
    public async Task The_good_model_scores_90_percent_on_its_held_back_set_and_the_worse_ones_do_not_on_a_part_of_it()
    {
        using var folder = new TempDirectory();
        await using var slipway = await SlipwayProcess.UpAsync(folder["x"], TestContext.Current.CancellationToken);
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var model in new[] { "tiny-chat", "tiny-chat-early", "tiny-chat-q2" })
        {
            var deployed = await slipway.RunAsync("deploy", $"slipway/{model}");
            Assert.True(deployed.Succeeded, deployed.Errors);
            scores[model] = await ScoreAsync(slipway, model, prompts: model == "tiny-chat" ? 200 : 60);
            Assert.True((await slipway.RunAsync("delete", model)).Succeeded);
        }

        Assert.True(scores["tiny-chat"] >= 0.90, $"tiny-chat: {scores["tiny-chat"]:P1}");
        Assert.InRange(scores["tiny-chat-early"], 0.30, 0.80);
        Assert.InRange(scores["tiny-chat-q2"], 0.30, 0.80);
    }

    [Fact]
    public void The_files_are_the_ones_that_were_measured()
    {
        foreach (var line in File.ReadLines(Path.Combine(s_folder, "SHA256SUMS")))
        {
            var (sum, file) = (line[..64], line[66..].TrimStart('.', '/'));
            Assert.Equal(sum, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(s_folder, file)))));
        }

        var bytes = Directory.EnumerateFiles(s_folder, "*.gguf", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Assert.InRange(bytes, 1, 10_000_000);
    }

    private static async Task<double> ScoreAsync(SlipwayProcess slipway, string model, int prompts)
    {
        var evaluated = await slipway.RunAsync("evaluate", "tiny-chat", "--model", model, "--temperature", "0", "--sample", $"{prompts}", "-o", "json");
        Assert.True(evaluated.Succeeded, evaluated.Errors);
        var all = JsonNode.Parse(evaluated.Output)!["all"]!;
        Assert.Equal((prompts, 0), ((int)all["prompts"]!, (int)all["missing"]!));
        return (double)all["score"]!["estimate"]!;
    }
}
