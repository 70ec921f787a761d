using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Upstream;

namespace Slipway.Web.Access.Seen;

/// <summary>The deployments that a person may see. What they change is their own call to the API; a refusal says whom to ask.</summary>
internal sealed class SeenDeployments : IDeployments, IDisposable
{
    private readonly IDeployments _all;
    private readonly IRights _rights;

    public SeenDeployments(IDeployments all, IRights rights)
    {
        (_all, _rights) = (all, rights);
        _all.Changed += OnChanged;
        _rights.Changed += OnChanged;
    }

    public event Action? Changed;

    public IReadOnlyList<ModelDeployment> All => [.. _all.All.GroupBy(static d => d.Metadata.Namespace ?? "", StringComparer.Ordinal).Where(g => May(g.Key)).SelectMany(static g => g)];

    public IReadOnlyList<InferenceProviderConfig> Runtimes => _rights.May(Right.SeeRuntimes, null) ? _all.Runtimes : [];

    public void Dispose()
    {
        _all.Changed -= OnChanged;
        _rights.Changed -= OnChanged;
    }

    public ModelDeployment? Find(string space, string name) => May(space) ? _all.Find(space, name) : null;

    public LocalEngine? Engine(ModelDeployment deployment) => May(Space(deployment)) ? _all.Engine(deployment) : null;

    public IReadOnlyList<ReplicaPlace> Places(ModelDeployment deployment) => May(Space(deployment)) && _rights.May(Right.SeePods, Space(deployment)) ? _all.Places(deployment) : [];

    // What the manifest comes to, which those who see the manifest see.
    public Task<IReadOnlyList<UpstreamObject>> UpstreamAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        May(Space(deployment)) ? _all.UpstreamAsync(deployment, cancellationToken) : Task.FromResult<IReadOnlyList<UpstreamObject>>([]);

    public Task<IReadOnlyList<KubernetesEvent>> EventsAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        May(Space(deployment)) ? _all.EventsAsync(deployment, cancellationToken) : Task.FromResult<IReadOnlyList<KubernetesEvent>>([]);

    // Which runtime would be chosen is said of a deployment's status too, whoever may list the runtimes.
    public RuntimePreview Preview(ModelDeployment deployment) => _rights.Fault is { } fault ? new RuntimePreview(null, fault, null, fault) : _all.Preview(deployment);

    public Task<string?> CreateAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Deploy, Space(deployment), null, () => _all.CreateAsync(deployment, cancellationToken), cancellationToken);

    public Task<string?> ReplaceAsync(ModelDeployment seen, ModelDeployment wanted, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Change, Space(seen), seen.Metadata.Name, () => _all.ReplaceAsync(seen, wanted, cancellationToken), cancellationToken);

    public Task<string?> ScaleAsync(ModelDeployment deployment, int replicas, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Scale, Space(deployment), deployment.Metadata.Name, () => _all.ScaleAsync(deployment, replicas, cancellationToken), cancellationToken);

    public Task<string?> RestartAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Scale, Space(deployment), deployment.Metadata.Name, () => _all.RestartAsync(deployment, cancellationToken), cancellationToken);

    public Task<string?> PauseAsync(ModelDeployment deployment, bool paused, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Scale, Space(deployment), deployment.Metadata.Name, () => _all.PauseAsync(deployment, paused, cancellationToken), cancellationToken);

    public Task<string?> DeleteAsync(ModelDeployment deployment, CancellationToken cancellationToken) =>
        Answer.OfAsync(_rights, Right.Delete, Space(deployment), deployment.Metadata.Name, () => _all.DeleteAsync(deployment, cancellationToken), cancellationToken);

    private bool May(string space) => _rights.May(Right.SeeDeployments, space);

    private void OnChanged() => Changed?.Invoke();

    private static string Space(ModelDeployment deployment) => deployment.Metadata.Namespace ?? "default";
}
