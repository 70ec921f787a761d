using System.Collections.Immutable;
using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Upstream;

namespace Slipway.Bench.Page;

/// <summary>Deployments that run, in memory.</summary>
internal sealed class ManyDeployments(int count) : IDeployments
{
    private ImmutableArray<ModelDeployment> _all = [.. Enumerable.Range(0, count).Select(static i => Of(i, "The model answers", 1))];

    public event Action? Changed;

    public IReadOnlyList<ModelDeployment> All => _all;

    public IReadOnlyList<InferenceProviderConfig> Runtimes => [];

    public void Change(int index, string message)
    {
        _all = _all.SetItem(index, Of(index, message, int.Parse(_all[index].Metadata.ResourceVersion!, System.Globalization.CultureInfo.InvariantCulture) + 1));
        Changed?.Invoke();
    }

    public ModelDeployment? Find(string space, string name) => _all.FirstOrDefault(d => d.Metadata.Name == name && d.Metadata.Namespace == space);

    public LocalEngine? Engine(ModelDeployment deployment) => null;

    public Task<IReadOnlyList<KubernetesEvent>> EventsAsync(ModelDeployment deployment, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<KubernetesEvent>>([]);

    public IReadOnlyList<ReplicaPlace> Places(ModelDeployment deployment) => [];

    public Task<IReadOnlyList<UpstreamObject>> UpstreamAsync(ModelDeployment deployment, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UpstreamObject>>([]);

    public Task<string?> RestartAsync(ModelDeployment deployment, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> PauseAsync(ModelDeployment deployment, bool paused, CancellationToken cancellationToken) => throw new NotSupportedException();

    public RuntimePreview Preview(ModelDeployment deployment) => new(null, "a benchmark", null, "a benchmark");

    public Task<string?> CreateAsync(ModelDeployment deployment, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> ReplaceAsync(ModelDeployment seen, ModelDeployment wanted, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> ScaleAsync(ModelDeployment deployment, int replicas, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> DeleteAsync(ModelDeployment deployment, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static ModelDeployment Of(int index, string message, int version) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = $"model-{index:0000}",
            Namespace = "default",
            Uid = $"uid-{index}",
            CreationTimestamp = DateTimeOffset.UnixEpoch,
            ResourceVersion = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = $"org/model-{index:0000}" } },
        Status = new ModelDeploymentStatus
        {
            Phase = DeploymentPhase.Running,
            Message = message,
            Engine = new EngineStatus { Type = EngineType.Vllm },
            Provider = new ProviderStatus { Name = "kserve" },
            Replicas = new ReplicaStatus { Desired = 1, Ready = 1 },
        },
    };
}
