using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Web.Deployments.Upstream;

namespace Slipway.Web.Deployments;

/// <summary>The deployments as the page sees and changes them. What the cluster refuses is an answer, not an exception.</summary>
public interface IDeployments
{
    /// <summary>Raised when a deployment, a runtime or a process of this machine came, changed or went; on a flow that must not be held up.</summary>
    event Action? Changed;

    /// <summary>The deployments, by namespace and name.</summary>
    IReadOnlyList<ModelDeployment> All { get; }

    /// <summary>The runtimes that made themselves known, by name.</summary>
    IReadOnlyList<InferenceProviderConfig> Runtimes { get; }

    /// <summary>Finds a deployment; null when there is none.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    ModelDeployment? Find(string space, string name);

    /// <summary>The processes of this machine that serve a deployment; null when it is served elsewhere.</summary>
    /// <param name="deployment">The deployment.</param>
    LocalEngine? Engine(ModelDeployment deployment);

    /// <summary>The pods of a deployment, by name; none where it runs on this machine, or where somebody else's controller runs it.</summary>
    /// <param name="deployment">The deployment.</param>
    IReadOnlyList<ReplicaPlace> Places(ModelDeployment deployment);

    /// <summary>What its runtime makes of a deployment now, beside what is there; none where nothing is made, as its conditions say.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<UpstreamObject>> UpstreamAsync(ModelDeployment deployment, CancellationToken cancellationToken);

    /// <summary>What happened to a deployment, the newest first.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<IReadOnlyList<KubernetesEvent>> EventsAsync(ModelDeployment deployment, CancellationToken cancellationToken);

    /// <summary>Which engine and runtime would serve a deployment if it were declared now.</summary>
    /// <param name="deployment">The deployment.</param>
    RuntimePreview Preview(ModelDeployment deployment);

    /// <summary>Declares a new deployment.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is declared.</returns>
    Task<string?> CreateAsync(ModelDeployment deployment, CancellationToken cancellationToken);

    /// <summary>Declares a deployment anew. One that changed since <paramref name="seen"/> is left as it is.</summary>
    /// <param name="seen">The deployment as it was shown.</param>
    /// <param name="wanted">What it shall be.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is declared.</returns>
    Task<string?> ReplaceAsync(ModelDeployment seen, ModelDeployment wanted, CancellationToken cancellationToken);

    /// <summary>Sets how many replicas run.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="replicas">How many; 0 stops it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is declared.</returns>
    Task<string?> ScaleAsync(ModelDeployment deployment, int replicas, CancellationToken cancellationToken);

    /// <summary>Has a deployment's replicas started anew.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is declared.</returns>
    Task<string?> RestartAsync(ModelDeployment deployment, CancellationToken cancellationToken);

    /// <summary>Has Slipway leave a deployment as it is, or follow its declaration again.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="paused">Whether it is left.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it is declared.</returns>
    Task<string?> PauseAsync(ModelDeployment deployment, bool paused, CancellationToken cancellationToken);

    /// <summary>Asks for a deployment's removal.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Why not, and what to do; null when it goes.</returns>
    Task<string?> DeleteAsync(ModelDeployment deployment, CancellationToken cancellationToken);
}

/// <summary>Which engine and runtime would serve a deployment.</summary>
/// <param name="Engine">The engine; null when none would.</param>
/// <param name="EngineReason">Why it, or why none.</param>
/// <param name="Runtime">The runtime's name; null when none would.</param>
/// <param name="RuntimeReason">Why it, or why none.</param>
public sealed record RuntimePreview(EngineType? Engine, string EngineReason, string? Runtime, string RuntimeReason);
