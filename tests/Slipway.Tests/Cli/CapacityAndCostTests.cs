using System.Text.Json.Nodes;
using Slipway.Runtimes.Local.Commands;
using Slipway.Testing;
using Slipway.Tests.Running;

namespace Slipway.Tests.Cli;

/// <summary>`slipway capacity` and `slipway cost` against the embedded API, with nodes and pods that are only declared.</summary>
[Trait("Speed", "slow")]
public sealed class CapacityAndCostTests(CapacityAndCostTests.Shared shared) : IClassFixture<CapacityAndCostTests.Shared>
{
    [Fact]
    public async Task Capacity_shows_nodes_accelerators_holders_and_prices()
    {
        var text = (await OkAsync("capacity")).Output;
        Assert.Contains("2 x A100 80GB PCIe", text, StringComparison.Ordinal);
        Assert.Contains("gpu-1: 1 nvidia.com/gpu: default/qwen-0, of deployment qwen", text, StringComparison.Ordinal);
        Assert.Contains("odd: nvidia.com/gpu is not known:", text, StringComparison.Ordinal);
        Assert.Matches("Price of Standard_NC24ads_A100_v4 \\(azure eastus\\): [0-9.]+ USD an hour, on-demand; .*days old", text);
        var nodes = JsonNode.Parse((await OkAsync("capacity", "-o", "json")).Output)!["nodes"]!.AsArray();
        Assert.Equal(["dra-1", "gpu-1", "odd"], nodes.Select(static n => (string?)n!["name"]));
        Assert.Equal((2, 1, 1), ((int)nodes[1]!["devices"]![0]!["total"]!, (int)nodes[1]!["devices"]![0]!["used"]!, (int)nodes[1]!["devices"]![0]!["free"]!));
        Assert.Null(nodes[2]!["price"]!["perHour"]);
        Assert.Contains("name: gpu-1", (await OkAsync("capacity", "-o", "yaml")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capacity_says_why_a_pod_of_a_model_waits_for_devices()
    {
        var answer = JsonNode.Parse((await OkAsync("capacity", "-o", "json")).Output)!;
        var device = Assert.Single(answer["nodes"]!.AsArray().Single(n => (string?)n!["name"] == "dra-1")!["devices"]!.AsArray())!;
        Assert.Equal(("gpu.nvidia.com", "h100-sxm", 2), ((string?)device["resource"], (string?)device["accelerator"], (int)device["total"]!));
        Assert.Equal("default/qwen-1: claim qwen-1-accelerators fits no node: 2 devices: 81559Mi < 80Gi", (string?)answer["notes"]![0]);
        Assert.Contains("Note: default/qwen-1: claim qwen-1-accelerators fits no node: 2 devices: 81559Mi < 80Gi.", (await OkAsync("capacity")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capacity_shows_the_quotas_of_namespaces()
    {
        Assert.Contains(
            "Quota default/team: 6 of 8 devices of gpu.nvidia.com used; an unknown part of 10 pods used; 0 of 0 requests.nvidia.com/gpu used", (await OkAsync("capacity")).Output, StringComparison.Ordinal);
        var limit = JsonNode.Parse((await OkAsync("capacity", "-o", "json")).Output)!["quotas"]![0]!["limits"]![0]!;
        Assert.Equal((8, 6, 2), ((int)limit["hard"]!, (int)limit["used"]!, (int)limit["left"]!));
    }

    [Fact]
    public async Task Deploy_says_beforehand_what_the_namespace_has_no_room_for_and_declares_it()
    {
        await shared.Slipway.KubectlOkAsync("apply", "-f", shared.Folder.Write("vllm.yaml", """
            apiVersion: airunway.ai/v1alpha1
            kind: InferenceProviderConfig
            metadata: {name: vllm}
            spec: {capabilities: {engines: [{name: vllm, servingModes: [aggregated], gpuSupport: true}]}}
            """u8.ToArray()));
        await shared.Slipway.KubectlOkAsync("patch", "inferenceproviderconfig", "vllm", "--subresource=status", "--type=merge", "-p", $$$"""{"status":{"ready":true,"lastHeartbeat":"{{{TimeProvider.System.GetUtcNow():O}}}"}}""");
        var result = await shared.Slipway.RunAsync("deploy", "Qwen/Qwen3-8B", "--runtime", "vllm", "--name", "crowded", "--no-wait");
        Assert.True(result.Succeeded, result.Errors);
        Assert.Contains("slipway: quota team: 0 of 0 requests.nvidia.com/gpu used, this asks for 1", result.Errors, StringComparison.Ordinal);
        await OkAsync("delete", "crowded");
        await shared.Slipway.KubectlOkAsync("delete", "inferenceproviderconfig", "vllm");
    }

    [Fact]
    public async Task Capacity_says_what_the_cluster_can_of_devices_and_gangs()
    {
        var text = (await OkAsync("capacity")).Output;
        Assert.Matches("Note: Kubernetes v[0-9.]+[^ ]* lets pods claim devices \\(resource.k8s.io/v1\\), with alternatives \\(firstAvailable\\), shares of devices", text);
        Assert.Contains("Note: pods of one replica start together (scheduling.k8s.io/v1alpha2).", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cost_shows_what_a_deployment_costs_and_from_which_price()
    {
        var costs = JsonNode.Parse((await OkAsync("cost", "-o", "json")).Output)!;
        var row = Assert.Single(costs["rows"]!.AsArray())!;
        var price = Assert.Single(costs["prices"]!.AsArray())!;
        Assert.Equal("default/qwen", (string?)row["name"]);
        Assert.Equal((decimal)price["perHour"]! / 2, (decimal)row["perHour"]!["amount"]!);
        Assert.Null(costs["nodesPerHour"]!["amount"]);
        var text = (await OkAsync("cost", "--by", "node")).Output;
        Assert.Contains("gpu-1", text, StringComparison.Ordinal);
        Assert.Contains("Month: estimated:", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "will be spent", "--budget", "1000000")]
    [InlineData(6, "of 1.00 USD", "--budget", "1")]
    [InlineData(1, "cannot be told", "--budget", "1000000", "--currency", "EUR")]
    [InlineData(1, "--budget takes an amount above 0", "--budget", "-3")]
    [InlineData(1, "--currency takes three capital letters", "--budget", "3", "--currency", "euro")]
    [InlineData(1, "there is no --budget", "--currency", "EUR")]
    public async Task A_budget_sets_the_exit_status(int status, string message, params string[] arguments)
    {
        var result = await shared.Slipway.RunAsync(["cost", .. arguments]);
        Assert.Contains(message, result.Errors, StringComparison.Ordinal);
        Assert.Equal(status, result.ExitCode);
    }

    [Fact]
    public async Task The_REST_API_says_what_the_command_line_says()
    {
        using var client = new HttpClient { BaseAddress = shared.Slipway.Web };
        foreach (var (path, arguments) in new[] { ("capacity", new[] { "capacity" }), ("costs?by=namespace", ["cost", "--by", "namespace"]), ("prices", ["prices"]) })
        {
            var rest = Steady(await client.GetStringAsync($"api/v1/{path}", TestContext.Current.CancellationToken));
            Assert.Equal(rest, Steady((await OkAsync([.. arguments, "-o", "json"])).Output));
        }
    }

    // A region of a node is asked for by itself; that nobody answers is seen, and the prices known stand.
    [Fact]
    public async Task A_running_Slipway_refreshes_the_prices_of_its_nodes_regions_and_says_what_came()
    {
        await Eventually.TrueAsync(
            async () =>
            {
                var output = (await OkAsync("prices")).Output;
                return (output.Contains("azure eastus: failed", StringComparison.Ordinal), output);
            },
            TimeSpan.FromSeconds(100));
        Assert.Contains("Prices of azure eastus were not refreshed", shared.Slipway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prices_that_cannot_be_fetched_are_explained()
    {
        var result = await Command.RunAsync(
            "env", ["SLIPWAY_PRICES_GCP=http://127.0.0.1:9", SlipwayProcess.Program, "prices", "refresh", "gcp", "us-central1", "--data", shared.Folder["fetched"]],
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Prices of gcp us-central1 were not refreshed:", result.Errors, StringComparison.Ordinal);
        Assert.Contains("gcp us-central1: failed", (await SlipwayProcess.RunOnAsync(shared.Folder["fetched"], "prices")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_list_nodes_is_told_which_right_it_takes()
    {
        await shared.Slipway.KubectlOkAsync("create", "serviceaccount", "nobody");
        var token = (await shared.Slipway.KubectlOkAsync("create", "token", "nobody")).Trim();
        var config = (await shared.Slipway.KubectlOkAsync("config", "view", "--raw", "-o", "json")).Trim();
        var kubeconfig = JsonNode.Parse(config)!;
        kubeconfig["users"]![0]!["user"] = new JsonObject { ["token"] = token };
        var file = Path.Combine(shared.Folder.Path, "nobody.json");
        await File.WriteAllTextAsync(file, kubeconfig.ToJsonString(), TestContext.Current.CancellationToken);
        var result = await shared.Slipway.RunAsync("capacity", "--kubeconfig", file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("kubectl create clusterrole read-nodes --verb=list --resource=nodes", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_cluster_this_machine_is_shown()
    {
        var json = JsonNode.Parse((await SlipwayProcess.RunOnAsync(shared.Folder["nothing"], "capacity", "-o", "json")).Output)!;
        Assert.Equal("machine", (string?)json["of"]);
        Assert.Equal(Environment.MachineName, (string?)Assert.Single(json["nodes"]!.AsArray())!["name"]);
    }

    // All but what moves with the clock.
    private static string Steady(string json)
    {
        var node = JsonNode.Parse(json)!.AsObject();
        foreach (var name in new[] { "at", "refreshes" }) node.Remove(name);
        foreach (var row in (node["rows"]?.AsArray() ?? []).Append(node["models"]).OfType<JsonObject>())
        {
            row.Remove("monthSoFar");
            row.Remove("forecast");
        }

        // This machine's free memory is not in it: the cluster has nodes.
        return node.ToJsonString();
    }

    private async Task<CommandResult> OkAsync(params string[] arguments)
    {
        var result = await shared.Slipway.RunAsync(arguments);
        Assert.True(result.Succeeded, $"slipway {string.Join(' ', arguments)}: {result.Errors}");
        return result;
    }

    /// <summary>One Slipway, with a node of a cloud, a node that nobody knows, and a pod that serves a model.</summary>
    public sealed class Shared : IAsyncLifetime
    {
        private const string Objects = """
            apiVersion: v1
            kind: Node
            metadata: {name: gpu-1, labels: {nvidia.com/gpu.product: NVIDIA-A100-80GB-PCIe, nvidia.com/gpu.memory: "81920", topology.kubernetes.io/region: eastus, node.kubernetes.io/instance-type: Standard_NC24ads_A100_v4}}
            spec: {providerID: "azure:///subscriptions/x"}
            ---
            apiVersion: v1
            kind: ResourceQuota
            metadata: {name: team, namespace: default}
            spec: {hard: {gpu.nvidia.com.deviceclass.resource.k8s.io/devices: "8", pods: "10", requests.nvidia.com/gpu: "0"}}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: odd, labels: {nvidia.com/gpu.product: NVIDIA-Z9000}}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: dra-1}
            ---
            apiVersion: resource.k8s.io/v1
            kind: DeviceClass
            metadata: {name: gpu.nvidia.com}
            spec: {selectors: [{cel: {expression: "device.driver == 'gpu.nvidia.com'"}}]}
            ---
            apiVersion: resource.k8s.io/v1
            kind: ResourceSlice
            metadata: {name: dra-1-gpu}
            spec:
              driver: gpu.nvidia.com
              nodeName: dra-1
              pool: {name: dra-1, generation: 1, resourceSliceCount: 1}
              devices:
              - {name: gpu-0, attributes: {productName: {string: NVIDIA H100 80GB HBM3}, type: {string: gpu}}, capacity: {memory: {value: 81559Mi}}}
              - {name: gpu-1, attributes: {productName: {string: NVIDIA H100 80GB HBM3}, type: {string: gpu}}, capacity: {memory: {value: 81559Mi}}}
            ---
            apiVersion: resource.k8s.io/v1
            kind: ResourceClaim
            metadata: {name: qwen-1-accelerators, namespace: default}
            spec:
              devices:
                requests:
                - name: accelerators
                  exactly:
                    deviceClassName: gpu.nvidia.com
                    selectors: [{cel: {expression: "\"memory\" in device.capacity[\"gpu.nvidia.com\"] && device.capacity[\"gpu.nvidia.com\"][\"memory\"].compareTo(quantity(\"80Gi\")) >= 0"}}]
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: qwen-1, namespace: default, labels: {airunway.ai/model-deployment: qwen}}
            spec:
              containers: [{name: engine, image: engine, resources: {claims: [{name: accelerators}]}}]
              resourceClaims: [{name: accelerators, resourceClaimName: qwen-1-accelerators}]
            ---
            apiVersion: airunway.ai/v1alpha1
            kind: ModelDeployment
            metadata: {name: qwen, namespace: default, annotations: {airunway.ai/reconcile-paused: "true"}}
            spec: {model: {id: Qwen/Qwen3-8B}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: qwen-0, namespace: default, labels: {airunway.ai/model-deployment: qwen}}
            spec: {nodeName: gpu-1, containers: [{name: engine, image: engine, resources: {limits: {nvidia.com/gpu: "1"}}}]}
            """;

        internal TempDirectory Folder { get; } = new();

        internal SlipwayProcess Slipway { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Slipway = await SlipwayProcess.UpAsync(Folder["x"], CancellationToken.None);
            await Slipway.KubectlOkAsync("apply", "-f", Folder.Write("objects.yaml", System.Text.Encoding.UTF8.GetBytes(Objects)));
            await Slipway.KubectlOkAsync("patch", "resourcequota", "team", "--subresource=status", "--type=merge", "-p", """{"status":{"used":{"gpu.nvidia.com.deviceclass.resource.k8s.io/devices":"6","requests.nvidia.com/gpu":"0"}}}""");
            foreach (var node in new[] { "gpu-1", "odd" })
                await Slipway.KubectlOkAsync("patch", "node", node, "--subresource=status", "--type=merge", "-p", """{"status":{"capacity":{"cpu":"24","memory":"220Gi","nvidia.com/gpu":"2"},"allocatable":{"cpu":"24","memory":"220Gi","nvidia.com/gpu":"2"},"conditions":[{"type":"Ready","status":"True"}]}}""");
        }

        public async ValueTask DisposeAsync()
        {
            await Slipway.DisposeAsync();
            Folder.Dispose();
        }
    }
}
