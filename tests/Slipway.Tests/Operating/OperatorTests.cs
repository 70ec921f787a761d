using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Operating;

/// <summary>`slipway operator` as processes on a cluster's API, from an empty cluster to a take-over.</summary>
[Trait("Speed", "slow")]
public sealed class OperatorTests
{
    private const string Deployment = """
        {"apiVersion":"airunway.ai/v1alpha1","kind":"ModelDeployment","metadata":{"name":"NAME"},
         "spec":{"model":{"id":"Qwen/Qwen3-8B"},"provider":{"name":"vllm"},"resources":{"gpu":{"count":1}}}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_installed_works_counts_and_is_taken_over_from_when_killed()
    {
        using var folder = new TempDirectory();
        await using var api = SlipwayProcess.Launch(folder["api"], [], ["apiserver", "--data", folder["api"]]);
        await api.WaitForAsync("Ctrl-C stops it", Token);

        var early = await RunAsync("operator", "--kubeconfig", api.Kubeconfig);
        Assert.Equal(1, early.ExitCode);
        Assert.Contains("slipway install", early.Errors, StringComparison.Ordinal);
        var installed = await RunAsync("install", "--kubeconfig", api.Kubeconfig);
        Assert.True(installed.Succeeded, installed.Errors);
        Assert.Contains("Deployment slipway-operator applied", installed.Output, StringComparison.Ordinal);
        // What is applied again is the same; as kubectl finds the cluster, in a list with a file that is not there.
        var again = await Command.RunAsync(
            SlipwayProcess.Program, ["install"], new Dictionary<string, string>(StringComparer.Ordinal) { ["KUBECONFIG"] = $"{folder["none"]}{Path.PathSeparator}{api.Kubeconfig}" }, cancellationToken: Token);
        Assert.True(again.Succeeded, again.Errors);

        await using var first = Operator(folder["one"], api);
        await first.WaitForAsync("Working: ", Token);
        await ApplyAsync(folder, api, "a");
        await Eventually.TrueAsync(async () => (await IsMadeAsync(api, "a"), first.Output), TimeSpan.FromSeconds(20));
        var metrics = await MetricsAsync(first);
        Assert.Contains("slipway_deployments{phase=\"Deploying\",provider=\"vllm\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("slipway_selections_total{engine=\"Vllm\",provider=\"vllm\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("slipway_reconcile_duration_seconds_bucket{controller=\"modeldeployments\",result=\"success\",le=\"0.1\"}", metrics, StringComparison.Ordinal);

        await using var second = Operator(folder["two"], api);
        await second.WaitForAsync("Health and metrics", Token);
        Assert.DoesNotContain("Working: ", second.Output, StringComparison.Ordinal);
        first.Kill();
        await ApplyAsync(folder, api, "b");
        // The lease runs out after 15 s without its holder.
        await Eventually.TrueAsync(async () => (await IsMadeAsync(api, "b"), second.Output), TimeSpan.FromSeconds(40));
        Assert.Contains("Working: ", second.Output, StringComparison.Ordinal);
    }

    private static SlipwayProcess Operator(string data, SlipwayProcess api) =>
        SlipwayProcess.Launch(data, [], ["operator", "--kubeconfig", api.Kubeconfig, "--listen", "http://127.0.0.1:0"]);

    private static Task<CommandResult> RunAsync(params string[] arguments) => Command.RunAsync(SlipwayProcess.Program, arguments, cancellationToken: Token);

    private static async Task ApplyAsync(TempDirectory folder, SlipwayProcess api, string name)
    {
        await File.WriteAllTextAsync(folder[$"{name}.json"], Deployment.Replace("NAME", name, StringComparison.Ordinal), Token);
        await api.KubectlOkAsync("apply", "-f", folder[$"{name}.json"]);
    }

    private static async Task<bool> IsMadeAsync(SlipwayProcess api, string name) => (await api.KubectlAsync("get", "deployment", name)).Succeeded;

    private static async Task<string> MetricsAsync(SlipwayProcess operating)
    {
        using var http = new HttpClient();
        var address = operating.Output.Split('\n').First(l => l.StartsWith("Health and metrics", StringComparison.Ordinal)).Split(' ')[^1].Trim();
        return await http.GetStringAsync(new Uri(new Uri(address), "metrics"), Token);
    }
}
