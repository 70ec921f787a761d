using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Upstream;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Deployments in memory; what the page asks for is written down.</summary>
internal sealed class FakeDeployments : IDeployments
{
    private readonly List<ModelDeployment> _all = [];

    public event Action? Changed;

    public List<string> Asked { get; } = [];

    /// <summary>What the cluster answers to the next change.</summary>
    public string? Refusal { get; set; }

    public ModelDeployment? Sent { get; private set; }

    public LocalEngine? LocalEngine { get; set; }

    public List<KubernetesEvent> Events { get; } = [];

    public IReadOnlyList<ModelDeployment> All => [.. _all];

    public List<InferenceProviderConfig> RuntimeList { get; } = [Runtime("local", "This machine", EngineType.LlamaCpp)];

    public IReadOnlyList<InferenceProviderConfig> Runtimes => RuntimeList;

    public RuntimePreview Choice { get; set; } = new(EngineType.LlamaCpp, "the only one", "local", "The only ready runtime");

    public static InferenceProviderConfig Runtime(string name, string display, EngineType engine) => new()
    {
        Metadata = new ObjectMeta { Name = name, Annotations = new Dictionary<string, string> { ["airunway.ai/display-name"] = display } },
        Spec = new InferenceProviderSpec { Capabilities = new ProviderCapabilities { Engines = [new EngineCapability { Name = engine, CpuSupport = true }] } },
        Status = new InferenceProviderStatus { Ready = true, LastHeartbeat = DateTimeOffset.UnixEpoch },
    };

    public void Put(ModelDeployment deployment)
    {
        _all.RemoveAll(d => d.Metadata.Name == deployment.Metadata.Name && d.Metadata.Namespace == deployment.Metadata.Namespace);
        _all.Add(deployment);
        Changed?.Invoke();
    }

    public void Remove(string name)
    {
        _all.RemoveAll(d => d.Metadata.Name == name);
        Changed?.Invoke();
    }

    public ModelDeployment? Find(string space, string name) => _all.Find(d => d.Metadata.Name == name && d.Metadata.Namespace == space);

    public LocalEngine? Engine(ModelDeployment deployment) => LocalEngine;

    public Task<IReadOnlyList<KubernetesEvent>> EventsAsync(ModelDeployment deployment, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<KubernetesEvent>>(Events);

    public List<ReplicaPlace> PlaceList { get; } = [];

    public List<UpstreamObject> Upstream { get; } = [];

    public IReadOnlyList<ReplicaPlace> Places(ModelDeployment deployment) => PlaceList;

    public Task<IReadOnlyList<UpstreamObject>> UpstreamAsync(ModelDeployment deployment, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UpstreamObject>>(Upstream);

    public Task<string?> RestartAsync(ModelDeployment deployment, CancellationToken cancellationToken) => Ask($"restart {deployment.Metadata.Name}", null);

    public Task<string?> PauseAsync(ModelDeployment deployment, bool paused, CancellationToken cancellationToken) => Ask($"{(paused ? "pause" : "resume")} {deployment.Metadata.Name}", null);

    public RuntimePreview Preview(ModelDeployment deployment) => Choice;

    public Task<string?> CreateAsync(ModelDeployment deployment, CancellationToken cancellationToken) => Ask($"create {deployment.Metadata.Name}", deployment);

    public Task<string?> ReplaceAsync(ModelDeployment seen, ModelDeployment wanted, CancellationToken cancellationToken) => Ask($"replace {seen.Metadata.Name}", wanted);

    public Task<string?> ScaleAsync(ModelDeployment deployment, int replicas, CancellationToken cancellationToken) => Ask($"scale {deployment.Metadata.Name} {replicas}", null);

    public Task<string?> DeleteAsync(ModelDeployment deployment, CancellationToken cancellationToken) => Ask($"delete {deployment.Metadata.Name}", null);

    private Task<string?> Ask(string what, ModelDeployment? sent)
    {
        Asked.Add(what);
        if (Refusal is null) Sent = sent;
        return Task.FromResult(Refusal);
    }
}
