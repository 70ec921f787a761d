using System.Net;
using System.Net.Sockets;
using Slipway.Testing;
using Slipway.Testing.Gguf;
using Slipway.Testing.Hub;
using Slipway.Tests.Running;

namespace Slipway.Tests.Up;

/// <summary>What goes wrong is told clearly, and nothing is lost.</summary>
[Trait("Speed", "slow")]
public sealed class BadInputTests(BadInputTests.Shared shared) : IClassFixture<BadInputTests.Shared>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_in_use_is_named_with_its_remedy()
    {
        using var folder = new TempDirectory();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var result = await SlipwayProcess.RunOnAsync(folder["x"], "up", "--no-browser", "--gateway-port", $"{port}");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Port {port} is in use by another program", result.Errors, StringComparison.Ordinal);
        Assert.Contains("without --gateway-port a free one is chosen", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_used_is_named()
    {
        using var folder = new TempDirectory();
        var file = folder.Write("file", [1]);
        var result = await SlipwayProcess.RunOnAsync(file, "up", "--no-browser");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"The data directory {file} cannot be used", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_without_a_Slipway_say_how_to_start_one()
    {
        using var folder = new TempDirectory();
        var result = await SlipwayProcess.RunOnAsync(folder["none"], "list");
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("Start it with: slipway up --data", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_engine_is_refused_with_the_known_ones()
    {
        var result = await ApplyAsync("bad-engine", "model: {id: slipway/tiny-chat}\n  engine: {type: ollama}");
        Assert.False(result.Succeeded);
        Assert.Contains("Unsupported value: \"ollama\"", result.Errors, StringComparison.Ordinal);
        Assert.Contains("llamacpp", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_does_not_exist_is_refused()
    {
        var result = await ApplyAsync("bad-field", "model: {id: slipway/tiny-chat, quant: Q4}");
        Assert.False(result.Succeeded);
        Assert.Contains("unknown field \"spec.model.quant\"", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_without_a_model_is_refused()
    {
        var result = await ApplyAsync("no-model", "engine: {type: llamacpp}");
        Assert.False(result.Succeeded);
        Assert.Contains("spec.model: Required value", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-there", "acme/absent", null, "NotFound")]
    [InlineData("gated", "acme/gated", null, "GatedOrPrivate")]
    [InlineData("no-gguf", "acme/no-gguf", null, "NoGgufFile")]
    [InlineData("other-quant", "acme/good", "Q2_K", "QuantizationNotFound")]
    [InlineData("truncated", "acme/truncated", null, "Truncated")]
    [InlineData("corrupt", "acme/corrupt", null, "Corrupt")]
    public async Task What_is_wrong_with_a_model_stands_in_its_conditions(string name, string id, string? quantization, string reason)
    {
        var more = quantization is null ? "" : $", quantization: {quantization}";
        await ApplyOkAsync(name, $"model: {{id: {id}{more}}}");
        await shared.Slipway.KubectlOkAsync("wait", "--for=jsonpath={.status.phase}=Failed", $"modeldeployment/{name}", "--timeout=60s");
        Assert.Equal(reason, (await shared.Slipway.KubectlOkAsync("get", "md", name, "-o", "jsonpath={.status.conditions[?(@.type==\"Ready\")].reason}")).Trim());
        string[] which = quantization is null ? [] : ["-q", quantization];
        var deployed = await shared.Slipway.RunAsync(["deploy", id, "--name", name, .. which]);
        Assert.Equal(1, deployed.ExitCode);
        Assert.Contains($"default/{name} failed:", deployed.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("busy", 429)]
    [InlineData("broken", 500)]
    public async Task A_hub_that_fails_for_a_while_is_asked_again_and_the_model_comes(string name, int status)
    {
        shared.Hub.Add($"acme/{name}").With("m.gguf", RandomModel.Bytes());
        shared.Hub.Fail(HubDoor.Revision, HubFailure.Status(status, retryAfter: TimeSpan.FromSeconds(1)), times: 2);
        await ApplyOkAsync(name, $"model: {{id: acme/{name}}}");
        await shared.Slipway.KubectlOkAsync("wait", "--for=condition=Ready", $"modeldeployment/{name}", "--timeout=90s");
    }

    [Fact]
    public async Task A_download_whose_connection_drops_goes_on_where_it_stopped()
    {
        shared.Hub.Add("acme/dropped").With("m.gguf", RandomModel.Bytes());
        shared.Hub.Fail(HubDoor.Cdn, HubFailure.Drop(1000), times: 1);
        await ApplyOkAsync("dropped", "model: {id: acme/dropped}");
        await shared.Slipway.KubectlOkAsync("wait", "--for=condition=Ready", "modeldeployment/dropped", "--timeout=90s");
        Assert.False(shared.Hub.TokenLeaked);
    }

    [Fact]
    public async Task A_token_in_a_secret_opens_a_gated_model_and_is_never_told()
    {
        shared.Hub.Add("acme/private").With("m.gguf", RandomModel.Bytes()).Token = "hf_sesame";
        await ApplyOkAsync("private", "model: {id: acme/private}\n  secrets: {huggingFaceToken: hub}");
        await shared.Slipway.KubectlOkAsync("wait", "--for=jsonpath={.status.phase}=Failed", "modeldeployment/private", "--timeout=60s");
        Assert.Contains("Secret default/hub does not exist", await shared.Slipway.KubectlOkAsync("get", "md", "private", "-o", "jsonpath={.status.message}"), StringComparison.Ordinal);

        await shared.Slipway.KubectlOkAsync("create", "secret", "generic", "hub", "--from-literal=HF_TOKEN=hf_sesame");
        await shared.Slipway.KubectlOkAsync("annotate", "localengine", "private", "look=again");
        await shared.Slipway.KubectlOkAsync("wait", "--for=condition=Ready", "modeldeployment/private", "--timeout=60s");
        Assert.False(shared.Hub.TokenLeaked);
        Assert.DoesNotContain("hf_sesame", shared.Slipway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_sesame", await shared.Slipway.KubectlOkAsync("get", "md,le,events", "-o", "yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_that_would_open_the_machine_is_refused_by_name()
    {
        await ApplyOkAsync("open", "model: {id: slipway/tiny-chat}\n  engine: {type: llamacpp, args: {host: 0.0.0.0}}");
        await shared.Slipway.KubectlOkAsync("wait", "--for=jsonpath={.status.phase}=Failed", "modeldeployment/open", "--timeout=60s");
        Assert.Contains("--host", await shared.Slipway.KubectlOkAsync("get", "md", "open", "-o", "jsonpath={.status.message}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_engine_can_be_had_the_deployment_says_so()
    {
        using var folder = new TempDirectory();
        await using var slipway = SlipwayProcess.StartWith(folder["x"], new() { ["SLIPWAY_LLAMA_SERVER"] = folder["no-such-engine"] });
        await slipway.WaitForAsync("Ctrl-C stops everything", Token);
        Assert.True((await slipway.RunAsync("deploy", "slipway/tiny-chat", "--no-wait")).Succeeded);
        await slipway.KubectlOkAsync("wait", "--for=jsonpath={.status.phase}=Failed", "modeldeployment/tiny-chat", "--timeout=60s");
        Assert.Contains("SLIPWAY_LLAMA_SERVER", await slipway.KubectlOkAsync("get", "md", "tiny-chat", "-o", "jsonpath={.status.message}"), StringComparison.Ordinal);
    }

    private async Task ApplyOkAsync(string name, string spec)
    {
        var applied = await ApplyAsync(name, spec);
        Assert.True(applied.Succeeded, applied.Errors);
    }

    private async Task<Runtimes.Local.Commands.CommandResult> ApplyAsync(string name, string spec)
    {
        var file = Path.Combine(shared.Folder.Path, $"{name}.yaml");
        await File.WriteAllTextAsync(file, $"apiVersion: airunway.ai/v1alpha1\nkind: ModelDeployment\nmetadata: {{name: {name}}}\nspec:\n  {spec}\n", Token);
        return await shared.Slipway.KubectlAsync("apply", "-f", file);
    }

    /// <summary>One Slipway over a hub of the tests' own.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        internal TempDirectory Folder { get; } = new();

        internal FakeHub Hub { get; private set; } = null!;

        internal SlipwayProcess Slipway { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Hub = await FakeHub.StartAsync();
            var model = RandomModel.Bytes();
            Hub.Add("acme/good").With("good-Q8_0.gguf", model);
            var gated = Hub.Add("acme/gated").With("m.gguf", model);
            (gated.Gated, gated.Token) = (true, "hf_of_somebody_else");
            Hub.Add("acme/no-gguf").With("model.safetensors", [1, 2, 3]);
            Hub.Add("acme/truncated").With("m.gguf", model[..(model.Length / 2)]);
            Hub.Add("acme/corrupt").With("m.gguf", [.. "GGUX"u8, .. model[4..]]);
            await SlipwayProcess.LendEngineAsync(Folder["x"]);
            Slipway = SlipwayProcess.StartWith(Folder["x"], new() { ["HF_ENDPOINT"] = Hub.Endpoint.ToString().TrimEnd('/') });
            await Slipway.WaitForAsync("Ctrl-C stops everything", CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            await Slipway.DisposeAsync();
            await Hub.DisposeAsync();
            Folder.Dispose();
        }
    }
}
