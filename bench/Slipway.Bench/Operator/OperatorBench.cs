using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Watching;
using Slipway.Operator;
using Slipway.Runtimes;
using Slipway.Runtimes.Local;
using Slipway.Simulators;
using Slipway.Testing;

namespace Slipway.Bench.Operator;

/// <summary>
/// What the controllers alone use to bring many deployments of all runtimes to Running, and then at rest. API, controllers, and upstream
/// operators with their pods are three processes.
/// </summary>
internal static class OperatorBench
{
    private static readonly string[] s_projects = ["kaito", "dynamo", "lws", "kuberay", "gateway-api", "gateway-api-inference-extension"];
    private static readonly string[] s_providers = [.. OperatorProcess.Runtimes().Select(r => r.Descriptor.Name)];
    private static readonly string[] s_rows =
        ["all Running after", "processor time of the controllers", "a deployment", "99 of 100 passes within", "writes a deployment", "managed heap", "heap a deployment", "heap a cached object", "resident memory", "writes at rest but heartbeats"];

    public static async Task<int> RunAsync(int[] sizes, TimeSpan rest)
    {
        var columns = new List<string[]>();
        var verbs = new List<string>();
        foreach (var size in sizes) columns.Add(await RunAsync(size, rest, verbs));
        await Report.WriteAsync(
            "operator",
            [
                $"ModelDeployments spread over {string.Join(", ", s_providers)}, with one pod or more each (local: a process), all played on the embedded API; then {rest.TotalSeconds:0} s of rest.", "",
                $"| deployments | {string.Join(" | ", sizes)} |", $"|---|{string.Concat(sizes.Select(_ => "---|"))}",
                .. s_rows.Select((row, i) => $"| {row} | {string.Join(" | ", columns.Select(c => c[i]))} |"), "",
                .. verbs,
            ]);
        return 0;
    }

    private static async Task<string[]> RunAsync(int size, TimeSpan rest, List<string> verbs)
    {
        using var api = await ApiProcess.StartAsync();
        using var connection = KubeConnection.FromKubeconfig(api.Kubeconfig);
        var client = new KubeClient(connection);
        await SlipwayOperator.InstallKindsAsync(client, CancellationToken.None);
        foreach (var definition in s_projects.SelectMany(p => Directory.GetFiles(Repository.Shared(Path.Combine("crds", p)), "*.yaml")).Select(f => Yaml.Read(f).Single()))
            await client.ApplyRawAsync($"apis/apiextensions.k8s.io/v1/customresourcedefinitions/{definition["metadata"]!["name"]}", Encoding.UTF8.GetBytes(definition.ToJsonString()), "bench", CancellationToken.None);
        while (!(await client.ListAsync(Slipway.Operator.Upstream.Definition.Resource, null, CancellationToken.None)).All(d => d.IsEstablished)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        await using var upstream = new UpstreamOperators(client);
        await upstream.StartAsync(CancellationToken.None);
        await using var machine = new LocalEngineSimulator(client, new());
        await machine.StartAsync(CancellationToken.None);
        using var slipway = await OperatorProcess.StartAsync(api.Kubeconfig);
        var before = await slipway.UsageAsync();

        await using var deployments = new Informer<ModelDeployment>(client, Kinds.ModelDeployments, TimeProvider.System, NullLogger<Informer<ModelDeployment>>.Instance);
        deployments.Start();
        await deployments.Synced;
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForAsync(0, size, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, token) => await client.ApplyAsync(Kinds.ModelDeployments, new NamespacedName("default", $"m{i}"), Manifest(i), "bench", token));
        while (deployments.Objects.Values.Count(d => d.Status?.Phase is DeploymentPhase.Running) < size) await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        var wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var after = await slipway.UsageAsync();
        // What still comes of the last steps, such as events.
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        var settled = await slipway.UsageAsync();
        await Task.Delay(rest, TimeProvider.System);
        var rested = await slipway.UsageAsync();

        var writes = settled.Writes.Where(w => !IsHeartbeat(w.Key)).ToDictionary(w => w.Key, w => w.Value - before.Writes.GetValueOrDefault(w.Key), StringComparer.Ordinal);
        verbs.AddRange([$"Writes a deployment of {size}:", "", .. writes.OrderByDescending(w => w.Value).Select(w => Text($"- {(double)w.Value / size:0.00} {w.Key}")), ""]);
        var seconds = after.Seconds - before.Seconds;
        return
        [
            Text($"{wall:0.0} s"), Text($"{seconds:0.0} s"), Text($"{seconds / size * 1000:0.0} ms"), Text($"{after.P99 * 1000:0} ms"), Text($"{(double)writes.Values.Sum() / size:0.00}"),
            Text($"{rested.Heap / 1e6:0} MB"), Text($"{(rested.Heap - before.Heap) / 1e3 / size:0.0} KB"), Text($"{(rested.Heap - before.Heap) / 1e3 / await CachedAsync(client):0.0} KB"), Text($"{rested.Resident / 1e6:0} MB"),
            $"{rested.Writes.Where(w => !IsHeartbeat(w.Key)).Sum(w => w.Value) - settled.Writes.Where(w => !IsHeartbeat(w.Key)).Sum(w => w.Value)}",
        ];
    }

    // What the controllers keep: the deployments, what was rendered for them, and pods.
    private static async Task<int> CachedAsync(KubeClient client)
    {
        var kinds = OperatorProcess.Runtimes().SelectMany(r => r.Descriptor.Kinds).DistinctBy(k => (k.Group, k.Kind));
        var count = (await client.ListAsync(Kinds.ModelDeployments, null, CancellationToken.None)).Count;
        foreach (var label in OperatorProcess.Runtimes().SelectMany(r => r.Descriptor.PodLabels).Distinct())
            count += (await client.ListAsync(Kinds.Pods, null, CancellationToken.None, $"labelSelector={Uri.EscapeDataString(label)}")).Count;
        foreach (var kind in kinds)
        {
            try
            {
                count += (await client.ListAsync(Kinds.Of(kind, kind.Version), null, CancellationToken.None, $"labelSelector={Uri.EscapeDataString(RuntimeDescriptor.DeploymentLabel)}")).Count;
            }
            catch (KubeApiException missing) when (missing.Code is System.Net.HttpStatusCode.NotFound)
            {
                // A kind that this cluster does not serve.
            }
        }

        return count;
    }

    private static bool IsHeartbeat(string write) => write.Contains("inferenceproviderconfigs", StringComparison.Ordinal);

    private static string Provider(int i) => s_providers[i % s_providers.Length];

    private static JsonObject Manifest(int i) => JsonNode.Parse($$"""
        {
          "apiVersion": "airunway.ai/v1alpha1", "kind": "ModelDeployment", "metadata": { "name": "m{{i}}", "namespace": "default" },
          "spec": { "model": { "id": "Qwen/Qwen3-8B" }, "engine": { "type": "{{(Provider(i) == LocalRuntime.Name ? "llamacpp" : "vllm")}}" }, "provider": { "name": "{{Provider(i)}}" } }
        }
        """)!.AsObject();

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
