using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Commands;
using Slipway.Tests.Running;

namespace Slipway.Tests.Cli;

/// <summary>`slipway models`, on the files of a model that are in a folder: no hub, no accelerator.</summary>
public sealed class ModelsCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-model-").FullName;

    public ModelsCommandTests() => File.WriteAllText(Path.Combine(_folder, "config.json"), """
        {"architectures":["Qwen3ForCausalLM"],"model_type":"qwen3","num_hidden_layers":64,"hidden_size":5120,"num_attention_heads":64,"num_key_value_heads":8,"head_dim":128,
         "vocab_size":151936,"intermediate_size":25600,"torch_dtype":"bfloat16","tie_word_embeddings":false,"max_position_embeddings":40960}
        """);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Show_says_what_a_model_is_and_where_it_fits()
    {
        var text = (await OkAsync("show", _folder)).Output;
        Assert.Contains("32.76 billion", text, StringComparison.Ordinal);
        Assert.Contains("256 KiB a token", text, StringComparison.Ordinal);
        Assert.Matches("H100 SXM5 80GB +tight|H100 SXM5 80GB +yes", text);
        var json = JsonNode.Parse((await OkAsync("show", _folder, "--gpu", "l4", "--gpu", "h200-sxm", "-o", "json")).Output)!;
        Assert.Equal(32_762_123_264, (long)json["model"]!["parameters"]!["low"]!);
        var (small, large) = (json["accelerators"]![0]!, json["accelerators"]![1]!);
        Assert.Equal("h200-sxm", (string?)large["accelerator"]);
        Assert.Equal(1, (int)large["devices"]!);
        Assert.True((int)small["devices"]! >= 4, "four L4 hold less than 96 GiB");
        var memory = large["memory"]!["parts"]!.AsArray().Sum(p => (long)p!["bytes"]!);
        Assert.InRange(memory, 61L << 30, (long)large["memory"]!["deviceBytes"]!);
        Assert.True((double)large["speed"]!["tokensPerSecondPerUser"]!["low"]! > 10);
    }

    [Fact]
    public async Task Plan_finds_what_is_fast_enough_and_cheapest()
    {
        string[] goal = ["plan", _folder, "--itl", "40ms", "--ttft", "2s", "--concurrency", "32", "-o", "json", "--show", "20"];
        var plans = JsonNode.Parse((await OkAsync(goal)).Output)!["plans"]!.AsArray();
        Assert.NotEmpty(plans);
        Assert.All(plans, static p => Assert.True((double)p!["speed"]!["interTokenSeconds"]!["estimate"]! <= 0.040));
        var costs = plans.Select(static p => (decimal?)p!["perHour"]!["amount"]).TakeWhile(static a => a is not null).ToList();
        Assert.Equal(costs.Order(), costs);
        var azure = JsonNode.Parse((await OkAsync([.. goal, "--cloud", "azure", "--region", "westeurope"])).Output)!["plans"]!.AsArray();
        Assert.All(azure, static p => Assert.Equal("azure westeurope", $"{p!["provider"]} {p["region"]}"));
    }

    [Fact]
    public async Task A_goal_that_nothing_meets_says_why_for_each_accelerator()
    {
        var result = await RunAsync("plan", _folder, "--itl", "1ms");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches("H100 SXM5 80GB: even one request has [0-9]+ ms between tokens, 1 are asked", result.Output);
    }

    [Theory]
    [InlineData("'x' is no time; write it as 40ms or 1.5s", "--itl", "x")]
    [InlineData("--region needs --cloud", "--region", "westeurope")]
    [InlineData("--concurrency has to be between 1 and 1000000", "--concurrency", "0")]
    [InlineData("No accelerator 'h900' is known. Known are: ", "--gpu", "h900")]
    [InlineData("No engine stores keys and values as 'q9'", "--kv-cache", "q9")]
    public async Task Wrong_input_is_answered_with_what_is_right(string message, params string[] arguments)
    {
        var result = await RunAsync(["plan", _folder, .. arguments]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_model_is_named()
    {
        Assert.Contains("There is no folder /nowhere/at/all.", (await RunAsync("show", "/nowhere/at/all")).Errors, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "config.json"));
        var empty = await RunAsync("show", _folder);
        Assert.Equal(3, empty.ExitCode);
        Assert.Contains("config.json", empty.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ones_own_prices_go_before_list_prices()
    {
        var book = Path.Combine(_folder, "prices.csv");
        await File.WriteAllTextAsync(book, "AssetClass,InstanceType,Region,Provider,MarketPriceHourly,Currency\nnode,p5.48xlarge,us-east-1,aws,8.00,EUR\nnode,nothing,,aws,-1,EUR\n", TestContext.Current.CancellationToken);
        var result = await OkAsync("plan", _folder, "--cloud", "aws", "--gpu", "h100-sxm", "--prices", book, "-o", "json");
        var plan = JsonNode.Parse(result.Output)!["plans"]![0]!;
        Assert.Equal("EUR", (string?)plan["perHour"]!["currency"]);
        Assert.Equal(8.00m / 8 * (int)plan["devicesPerReplica"]! * (int)plan["replicas"]!, (decimal)plan["perHour"]!["amount"]!);
        Assert.Contains("-1", result.Errors, StringComparison.Ordinal);
        Assert.Contains("There is no price book", (await RunAsync("plan", _folder, "--prices", "/nowhere.csv")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_without_a_hub_shows_the_catalogue_and_says_so()
    {
        // Nothing listens on port 1.
        var result = await Command.RunAsync("env", ["HF_ENDPOINT=http://127.0.0.1:1", $"HF_HOME={_folder}", SlipwayProcess.Program, "models", "search", "qwen3", "-o", "json"],
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, result.Errors);
        var page = JsonNode.Parse(result.Output)!;
        Assert.Equal("BundledCatalogue", (string?)page["origin"]);
        Assert.Contains("127.0.0.1", (string?)page["because"], StringComparison.Ordinal);
        Assert.All(page["models"]!.AsArray(), static m => Assert.Contains("qwen3", (string?)m!["id"], StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(page["models"]!.AsArray());
    }

    [Fact]
    public async Task Search_refuses_a_size_that_is_none()
    {
        var amount = await RunAsync("search", "--fits", "much");
        Assert.Contains("'much' is no amount of memory; write it as 24GB", amount.Errors, StringComparison.Ordinal);
        var result = await RunAsync("search", "--max-size", "big");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("'big' is no size; write it as 8B or 500M", result.Errors, StringComparison.Ordinal);
    }

    private static async Task<CommandResult> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
        return result;
    }

    private static Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync(SlipwayProcess.Program, ["models", .. arguments], cancellationToken: TestContext.Current.CancellationToken);
}
