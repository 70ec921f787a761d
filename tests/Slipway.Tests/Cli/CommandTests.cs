using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Importing;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Cli;

/// <summary>The command line as a person or a script uses it.</summary>
[Trait("Speed", "slow")]
public sealed class CommandTests(CommandTests.Shared shared) : IClassFixture<CommandTests.Shared>
{
    [Fact]
    public async Task List_prints_a_table_JSON_or_YAML()
    {
        Assert.Contains("slipway/tiny-chat", (await OkAsync("list")).Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await OkAsync("list", "-o", "json")).Output)!;
        Assert.Contains("tiny-chat", json["items"]!.AsArray().Select(i => (string?)i!["metadata"]!["name"]));
        Assert.Contains("kind: ModelDeploymentList", (await OkAsync("list", "-o", "yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Describe_says_what_was_chosen_and_why()
    {
        var text = (await OkAsync("describe", "tiny-chat")).Output;
        Assert.Contains("Runtime:    local   The only ready runtime for llamacpp\n", text, StringComparison.Ordinal);
        Assert.Contains("yes Ready", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_prints_the_answer_alone_on_standard_output()
    {
        Assert.Equal("42", (await OkAsync("chat", "tiny-chat", Ask.Sum, "--temperature", "0")).Output.Trim());
        var unknown = await shared.Slipway.RunAsync("chat", "absent", "hello");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("There is no model \"absent\". Known:", unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_show_what_the_engine_wrote() =>
        Assert.Contains("listening on", (await OkAsync("logs", "tiny-chat")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task What_a_namespace_has_recorded_can_be_exported_and_becomes_a_suite()
    {
        var none = await shared.Slipway.RunAsync("recordings", "export");
        Assert.Equal(3, none.ExitCode);
        Assert.Contains("kubectl annotate namespace default slipway.dev/record=10%", none.Errors, StringComparison.Ordinal);
        await shared.Slipway.KubectlOkAsync("annotate", "namespace", "default", "slipway.dev/record=100%");
        string lines;
        do
        {
            await OkAsync("chat", "tiny-chat", Ask.Sum, "--temperature", "0");
            lines = (await shared.Slipway.RunAsync("recordings", "export")).Output;
        }
        while (lines.Length == 0 && !TestContext.Current.CancellationToken.IsCancellationRequested);
        await shared.Slipway.KubectlOkAsync("annotate", "namespace", "default", "slipway.dev/record-");
        var line = JsonNode.Parse(lines.Split('\n')[0])!;
        Assert.Equal(("default/tiny-chat", "42"), ((string?)line["deployment"], ((string?)line["response"]!["choices"]![0]!["message"]!["content"])!.Trim()));
        var import = OpenAIChatLogs.Read("said", lines);
        Assert.Empty(import.NotTaken);
        Assert.Contains("What is 17", import.Suite!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_takes_keys_answers_whoever_has_one_and_its_owner()
    {
        var key = (await OkAsync("keys", "create", "shop", "--requests-per-minute", "1")).Output.Trim();
        Assert.Equal(1, (await shared.Slipway.RunAsync("keys", "create", "shop")).ExitCode);
        await OkAsync("keys", "require");
        try
        {
            await BecomesAsync(null, HttpStatusCode.Unauthorized);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (await StatusAsync(key), await StatusAsync(key)));
            Assert.Equal("42", (await OkAsync("chat", "tiny-chat", Ask.Sum, "--temperature", "0")).Output.Trim());
            Assert.DoesNotContain(key, (await OkAsync("keys", "list", "-o", "json")).Output, StringComparison.Ordinal);
            await OkAsync("keys", "delete", "shop");
            await BecomesAsync(key, HttpStatusCode.Unauthorized);
        }
        finally
        {
            await OkAsync("keys", "require", "--off");
        }

        await BecomesAsync(null, HttpStatusCode.OK);
    }

    [Fact]
    public async Task Scale_to_zero_and_back()
    {
        await OkAsync("deploy", "slipway/tiny-chat", "--name", "scaled", "--served-name", "scaled");
        await OkAsync("scale", "scaled", "0");
        await shared.Slipway.KubectlOkAsync("wait", "--for=jsonpath={.status.replicas.ready}=0", "md/scaled", "--timeout=20s");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await Ask.StatusAsync(shared.Slipway.Gateway, "scaled")).Status);
        await shared.Slipway.KubectlOkAsync("scale", "md/scaled", "--replicas=1");
        await shared.Slipway.KubectlOkAsync("wait", "--for=condition=Ready", "md/scaled", "--timeout=30s");
        await OkAsync("delete", "scaled");
    }

    [Fact]
    public async Task A_restart_is_another_process_of_the_same_declaration()
    {
        await OkAsync("deploy", "slipway/tiny-chat", "--name", "restarted", "--served-name", "restarted");
        var before = await PidAsync();
        await OkAsync("restart", "restarted");
        await Eventually.TrueAsync(async () => await PidAsync() is var now && now.Length > 0 && now != before ? (true, now) : (false, before), TimeSpan.FromSeconds(30));
        await shared.Slipway.KubectlOkAsync("wait", "--for=condition=Ready", "md/restarted", "--timeout=30s");
        Assert.Equal(HttpStatusCode.OK, (await Ask.StatusAsync(shared.Slipway.Gateway, "restarted")).Status);
        await OkAsync("delete", "restarted");

        async Task<string> PidAsync() => (await shared.Slipway.KubectlOkAsync("get", "le", "restarted", "-o", "jsonpath={.status.replicas[?(@.state==\"Ready\")].pid}")).Trim();
    }

    [Fact]
    public async Task A_paused_deployment_is_left_alone_until_it_goes_on()
    {
        await OkAsync("deploy", "slipway/tiny-chat", "--name", "paused", "--served-name", "paused", "--replicas", "0");
        await shared.Slipway.KubectlOkAsync("annotate", "md", "paused", "airunway.ai/reconcile-paused=true");
        await OkAsync("scale", "paused", "1");
        Assert.Contains("(paused)", (await OkAsync("describe", "paused")).Output, StringComparison.Ordinal);
        Assert.Equal("0", (await shared.Slipway.KubectlOkAsync("get", "le", "paused", "-o", "jsonpath={.spec.replicas}")).Trim());
        await shared.Slipway.KubectlOkAsync("annotate", "md", "paused", "airunway.ai/reconcile-paused-");
        await shared.Slipway.KubectlOkAsync("wait", "--for=condition=Ready", "md/paused", "--timeout=30s");
        await OkAsync("delete", "paused");
    }

    [Theory]
    [InlineData("describe")]
    [InlineData("delete")]
    [InlineData("logs")]
    [InlineData("restart")]
    public async Task A_name_that_is_not_there_is_answered_with_those_that_are(string command)
    {
        var result = await shared.Slipway.RunAsync(command, "absent");
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("There is no deployment \"absent\" in namespace default. There are:", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_prints_a_manifest_that_can_be_applied()
    {
        var manifest = (await OkAsync("deploy", "slipway/tiny-chat", "--name", "dry", "--context-length", "256", "--dry-run")).Output;
        var file = Path.Combine(shared.Folder.Path, "dry.yaml");
        await File.WriteAllTextAsync(file, manifest, TestContext.Current.CancellationToken);
        await shared.Slipway.KubectlOkAsync("apply", "--dry-run=server", "-f", file);
        Assert.DoesNotContain("dry", await shared.Slipway.KubectlOkAsync("get", "md", "-o", "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_command_line_is_explained_and_changes_nothing()
    {
        var result = await shared.Slipway.RunAsync("scale", "tiny-chat", "many");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("REPLICAS is a number from 0, not \"many\".", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Engine_list_says_which_engine_is_used() =>
        Assert.StartsWith("llama-server ", (await OkAsync("engine", "list")).Output, StringComparison.Ordinal);

    // The gateway hears of a change a moment later.
    private Task BecomesAsync(string? key, HttpStatusCode status) => Eventually.TrueAsync(async () => await StatusAsync(key) is var seen ? (seen == status, $"{seen}") : default, TimeSpan.FromSeconds(20));

    private async Task<HttpStatusCode> StatusAsync(string? key)
    {
        using var client = new HttpClient { BaseAddress = shared.Slipway.Gateway };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"tiny-chat","max_tokens":1,"messages":[{"role":"user","content":"hello"}]}""") };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private async Task<Runtimes.Local.Commands.CommandResult> OkAsync(params string[] arguments)
    {
        var result = await shared.Slipway.RunAsync(arguments);
        Assert.True(result.Succeeded, $"slipway {string.Join(' ', arguments)}: {result.Errors}");
        return result;
    }

    /// <summary>One Slipway with the bundled model.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal TempDirectory Folder { get; } = new();

        internal SlipwayProcess Slipway { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Slipway = await SlipwayProcess.UpAsync(Folder["x"], CancellationToken.None);
            var deployed = await Slipway.RunAsync("deploy", "slipway/tiny-chat");
            Assert.True(deployed.Succeeded, deployed.Errors);
        }

        public async ValueTask DisposeAsync()
        {
            await Slipway.DisposeAsync();
            Folder.Dispose();
        }
    }
}
