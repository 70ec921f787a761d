using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Inventory.Slices;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Store;
using Slipway.Operator.Sizing;
using Slipway.Operator.Speed;
using Slipway.Operator.Tests.Sizing;
using Slipway.Runtimes;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Vllm;

namespace Slipway.Operator.Tests.Speed;

/// <summary>Looking at a cluster's engines: pods that answer on loopback, in place of vLLM's.</summary>
public sealed class ClusterLookTests : IAsyncLifetime
{
    private const string Metrics = """
        vllm:prompt_tokens_total{model_name="m"} 1000
        vllm:generation_tokens_total{model_name="m"} 500
        vllm:inter_token_latency_seconds_count{model_name="m"} 490
        vllm:inter_token_latency_seconds_sum{model_name="m"} 9.8
        vllm:e2e_request_latency_seconds_count{model_name="m"} 10
        vllm:e2e_request_latency_seconds_sum{model_name="m"} 12
        """;

    private readonly FakeTimeProvider _time = new();
    private readonly TcpListener _pod = new(IPAddress.Loopback, 0);
    private readonly ProfileCache _profiles;
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _answer = Metrics;
    private Task _serving = Task.CompletedTask;

    public ClusterLookTests()
    {
        var node = Given.Node("8 NVIDIA-H100-80GB-HBM3 81559") with { Name = "n" };
        _profiles = new ProfileCache(async (_, _) => new ProfileResult.Read(await Given.ProfileAsync("8b")), _ => Task.FromResult(new ClusterHardware([node], ClusterDevices.None)), _time);
        _profiles.Arrived += _ => _known.TrySetResult();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_pod.LocalEndpoint).Port;

    public async ValueTask InitializeAsync()
    {
        _pod.Start();
        _serving = ServeAsync();
        _profiles.Find(new ModelRequest("org/8b"), new NamespacedName("default", "a"));
        await _known.Task.WaitAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _pod.Dispose();
        await _serving;
        await _profiles.DisposeAsync();
    }

    [Fact]
    public async Task A_ready_pod_is_read_by_its_own_metrics_with_what_it_runs_on()
    {
        var seen = Assert.Single(await LookAsync(Deployment(), Pod("p1"), Pod("p2") with { Status = new ModelPodStatus { PodIP = "127.0.0.1" } }, Pod("p3") with { Status = Ready(null) }));
        Assert.Equal(("p1", "org/8b", "h100-sxm", new Layout(2)), (seen.Replica, seen.Subject.Model, seen.Subject.Device, seen.Subject.Layout));
        Assert.Equal((10, 490, 9.8), (seen.Counters.Requests, seen.Counters.Gaps, seen.Counters.GapSeconds));
        Assert.NotNull(seen.Subject.Observe(seen.Counters, 1, TimeSpan.FromMinutes(1), _time.GetUtcNow())!.EstimatedInterTokenSeconds);
    }

    [Fact]
    public async Task What_is_not_running_is_divided_or_answers_something_else_is_left_out()
    {
        Assert.Empty(await LookAsync(Deployment() with { Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Deploying, Provider = new ProviderStatus { Name = "vllm" } } }, Pod("p1")));
        Assert.Empty(await LookAsync(Deployment(static s => s with { Serving = new ServingSpec { Mode = ServingMode.Disaggregated } }), Pod("p1")));
        Assert.Empty(await LookAsync(Deployment(), Pod("p1") with { Spec = new ModelPodSpec { NodeName = "elsewhere" } }));
        _answer = "<html>";
        Assert.Empty(await LookAsync(Deployment(), Pod("p1")));
    }

    private static ModelDeployment Deployment(Func<ModelDeploymentSpec, ModelDeploymentSpec>? change = null)
    {
        var spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/8b" }, Resources = new ResourcesSpec { Gpu = new GpuSpec { Count = 2 } } };
        return new ModelDeployment
        {
            Metadata = new ObjectMeta { Name = "a", Namespace = "default" },
            Spec = change?.Invoke(spec) ?? spec,
            Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running, Provider = new ProviderStatus { Name = "vllm" }, Engine = new EngineStatus { Type = EngineType.Vllm } },
        };
    }

    private static ModelPod Pod(string uid) => new() { Metadata = new ObjectMeta { Name = uid, Uid = uid }, Spec = new ModelPodSpec { NodeName = "n" }, Status = Ready("127.0.0.1") };

    private static ModelPodStatus Ready(string? address) => new() { PodIP = address, Conditions = [new PodCondition("Ready", "True", null, null)] };

    private async Task<IReadOnlyList<Slipway.Capacity.Learning.ReplicaLook>> LookAsync(ModelDeployment deployment, params ImmutableArray<ModelPod> pods)
    {
        using var look = new ClusterLook(() => [deployment], [new OnPort(Port)], (_, _) => pods, _profiles);
        return await look.LookAsync(Token);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _pod.AcceptTcpClientAsync(Token);
                var stream = client.GetStream();
                var buffer = new byte[4096];
                _ = await stream.ReadAsync(buffer, Token);
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {_answer.Length}\r\nConnection: close\r\n\r\n{_answer}"), Token);
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException or IOException)
        {
            // The test is over.
        }
    }

    private sealed class OnPort(int port) : IRuntime
    {
        private readonly VllmRuntime _vllm = new();

        public RuntimeDescriptor Descriptor => _vllm.Descriptor with { MetricsPort = port };

        public IReadOnlyList<UnsupportedField> Unsupported(ModelDeployment deployment) => throw new NotSupportedException();

        public IReadOnlyList<JsonObject> Render(ModelDeployment deployment, ClusterApis apis) => throw new NotSupportedException();

        public RuntimeState Read(ModelDeployment deployment, Observation observed) => throw new NotSupportedException();
    }
}
