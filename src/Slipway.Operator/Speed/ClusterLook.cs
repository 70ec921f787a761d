using System.Collections.Immutable;
using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Learning;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Store;
using Slipway.Operator.Sizing;
using Slipway.Operator.Upstream;
using Slipway.Runtimes;
using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Engines.Metrics;
using Slipway.Runtimes.Pods;
using EngineFlags = Slipway.Operator.Sizing.EngineFlags;

namespace Slipway.Operator.Speed;

/// <summary>Looks at the engines of a cluster's deployments: what each has counted, by its own metrics.</summary>
/// <param name="deployments">The deployments.</param>
/// <param name="runtimes">The runtimes.</param>
/// <param name="pods">The pods of a deployment.</param>
/// <param name="profiles">What is known of models; asked in the background.</param>
internal sealed class ClusterLook(
    Func<IEnumerable<ModelDeployment>> deployments, IReadOnlyList<IRuntime> runtimes, Func<NamespacedName, RuntimeDescriptor, ImmutableArray<ModelPod>> pods, ProfileCache profiles) : IDisposable
{
    // A thousand replicas say no more of a model's speed than these, and each costs a request.
    private const int MostReplicas = 8, AtOnce = 16;

    private readonly PodMetrics _metrics = new();

    public void Dispose() => _metrics.Dispose();

    public async Task<IReadOnlyList<ReplicaLook>> LookAsync(CancellationToken cancellationToken)
    {
        var found = new List<ReplicaLook>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(deployments().SelectMany(Replicas), options, async (replica, stop) =>
        {
            // A pod that does not answer says nothing, and its deployment's condition says why.
            if (await _metrics.ReadAsync(replica.Metrics, stop) is not { } text || EngineMetrics.Read(text) is not { } counters) return;
            lock (found) found.Add(new ReplicaLook(replica.Pod, replica.Subject, counters));
        });
        return found;
    }

    private IEnumerable<(string Pod, SpeedSubject Subject, Uri Metrics)> Replicas(ModelDeployment deployment)
    {
        var spec = deployment.Spec;
        // Prompts and answers on different devices are not what estimates describe.
        if (deployment.Status?.Phase is not DeploymentPhase.Running || spec.Serving?.Mode is ServingMode.Disaggregated || spec.Model is not { Id: { Length: > 0 } id } model) yield break;
        if (runtimes.FirstOrDefault(r => r.Descriptor.Name == deployment.Status.Provider?.Name)?.Descriptor is not { MetricsPort: { } port } runtime) yield break;
        var key = new NamespacedName(deployment.Metadata.Namespace ?? "", deployment.Metadata.Name ?? "");
        if (profiles.Find(new ModelRequest(id) { Revision = model.Revision, Quantization = model.Quantization, File = model.File }, key) is not { } known) yield break;
        var nodes = InventoryBuilder.Bundled.Build([.. known.Hardware.Nodes.DistinctBy(static n => n.Name)], []).Nodes.ToDictionary(static n => n.Node.Name, StringComparer.Ordinal);
        foreach (var pod in pods(key, runtime).Where(p => p.IsReady && PodMetrics.Address(p, port) is not null).Take(MostReplicas))
        {
            var device = pod.Spec?.NodeName is { } node && nodes.TryGetValue(node, out var there) ? there.Devices.Select(static d => d.Match).OfType<AcceleratorMatch.Known>().FirstOrDefault()?.Device : null;
            if (device is null) continue;
            yield return ($"{pod.Metadata.Uid}", Subject(deployment, known.Profile, device), PodMetrics.Address(pod, port)!);
        }
    }

    private static SpeedSubject Subject(ModelDeployment deployment, ModelProfile? profile, Models.Hardware.Accelerator device)
    {
        var spec = deployment.Spec;
        var flags = new EngineFlags((spec.Engine ?? new EngineSpec()) with { Type = deployment.Status?.Engine?.Type ?? spec.Engine?.Type });
        var gpus = (int)(spec.Resources?.Gpu?.Count ?? spec.Resources?.Accelerators?.Count ?? SizingRecord.Read(deployment)?.Gpus ?? 1);
        var divided = Parallelism.Of(spec.Parallelism, gpus, spec.Resources?.Nodes ?? 1);
        return new SpeedSubject(spec.Model!.Id!, spec.Model.Quantization, flags.Settings(), device.Key, new Layout(divided.Tensor, divided.Pipeline, divided.Expert))
        {
            Accelerator = device,
            Profile = profile,
            Cache = flags.Text("kv-cache-dtype") is { } type && KvCacheType.Find(type) is { } stored ? stored : KvCacheType.Bits16,
        };
    }
}
