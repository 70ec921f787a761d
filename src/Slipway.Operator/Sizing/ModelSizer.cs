using Slipway.Api.ModelDeployments;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Profiles;
using Slipway.Models.Store;
using Slipway.Operator.Devices;
using Slipway.Operator.ModelDeployments;

namespace Slipway.Operator.Sizing;

/// <summary>Says how many accelerators a deployment gets: as it was decided before, else by its model.</summary>
public sealed class ModelSizer : IAsyncDisposable
{
    private readonly ModelProfiler _profiler;

    /// <summary>Initializes a new instance; nothing is asked before the first deployment needs it.</summary>
    /// <param name="client">The API, to list nodes.</param>
    /// <param name="hub">The hub, with the operator's own token; offline, nothing is asked.</param>
    /// <param name="time">The clock.</param>
    public ModelSizer(KubeClient client, ModelStoreOptions hub, TimeProvider time)
    {
        // The cache remembers a failure for some minutes: one more try within its time is all that makes sense.
        _profiler = new ModelProfiler(hub with { MaxRetries = 1, Time = time });
        Profiles = new ProfileCache(_profiler.ProfileAsync, stop => HardwareAsync(client, stop), time);
    }

    /// <summary>What is known of models.</summary>
    public ProfileCache Profiles { get; }

    /// <summary>Sizes a deployment.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <returns>The answer; none where there is nothing to size.</returns>
    public ModelSizing? Size(ModelDeployment deployment) => Size(deployment, Profiles);

    /// <summary>Sizes a deployment by a cache of profiles.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="profiles">The cache; it is asked only where nothing was decided.</param>
    /// <returns>The answer; none where there is nothing to size.</returns>
    public static ModelSizing? Size(ModelDeployment deployment, ProfileCache profiles)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(profiles);
        if (SizingRequest.Of(deployment) is not { } request) return null;
        var before = SizingRecord.Read(deployment);
        if (before?.Basis == request.Basis) return before;
        // What runs without a record was made by the simple rule, and keeps it.
        if (before is null && deployment.Status?.Provider?.ResourceName is not null) return null;

        var answer = profiles.Find(request.Model, new NamespacedName(deployment.Metadata.Namespace ?? "", deployment.Metadata.Name ?? ""));
        if (answer is { Profile: { } profile }) return GpuSizer.Decide(profile, request, answer.Hardware.Nodes, answer.Hardware.Devices);
        if (before is not null) return before;
        return answer is null
            ? new ModelSizing(SizingVerdict.WaitsForHub, 0, $"Asks the hub what {request.Model.Id} is, to know how many GPUs it needs", request.Basis)
            : new ModelSizing(
                SizingVerdict.Assumed, Effective.DefaultGpus, $"{Effective.DefaultGpus} GPU, for the model is not known: {answer.Why} Set {request.CountField} if it needs more", request.Basis);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Profiles.DisposeAsync();
        _profiler.Dispose();
    }

    private static async Task<ClusterHardware> HardwareAsync(KubeClient client, CancellationToken cancellationToken)
    {
        try
        {
            var nodes = await client.ListAsync(Kinds.Nodes, null, cancellationToken);
            return new([.. nodes.Select(n => NodeReader.Read(n.Json)).OfType<NodeFacts>()], await DeviceReader.ReadAsync(client, withClaims: false, cancellationToken));
        }
        catch (Exception failure) when (failure is KubeApiException or HttpRequestException or IOException)
        {
            return ClusterHardware.None; // the answer says that nothing is known of nodes
        }
    }
}
