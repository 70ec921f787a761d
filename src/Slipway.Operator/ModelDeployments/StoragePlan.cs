using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Storage;

namespace Slipway.Operator.ModelDeployments;

/// <summary>What is decided about a deployment's volumes.</summary>
/// <param name="Claims">How its claims are.</param>
/// <param name="Changes">Claims to make or to let grow.</param>
internal sealed record StoragePlan(StorageState Claims, IReadOnlyList<ObjectChange> Changes)
{
    /// <summary>The Job that fetches the model; none when engines do, or as long as there is nothing to fetch it to.</summary>
    public JsonObject? Job { get; init; }

    /// <summary>How far it is.</summary>
    public DownloadState? Download { get; init; }

    /// <summary>Whether the Job has done its work and is left as it is, however a new one would look.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Why engines must not be made or changed yet; nothing when they may.</summary>
    /// <param name="deployment">The deployment: one that is to stop waits for nothing.</param>
    public RuntimeState? Hold(ModelDeployment deployment)
    {
        if (deployment.Spec.Scaling?.Replicas == 0) return null;
        var wanted = new ReplicaStatus { Desired = deployment.Spec.Scaling?.Replicas ?? 1, Ready = 0, Available = 0 };
        if (Claims.Holds) return new(DeploymentPhase.Pending, Claims.Reason, Claims.Message, wanted, null, null);
        return Download is { AtHand: false } download
            ? new(download.Failed ? DeploymentPhase.Failed : DeploymentPhase.Deploying, download.Reason, download.Message, wanted, null, null)
            : null;
    }

    /// <summary>Leaves of the changes those that may be made now.</summary>
    /// <param name="changes">All changes.</param>
    /// <param name="held">Whether engines must wait.</param>
    public IReadOnlyList<ObjectChange> Allowed(IReadOnlyList<ObjectChange> changes, bool held)
    {
        var job = (string?)Job?["metadata"]?["name"];
        // What runs goes on running while the model that is to follow it is fetched.
        return [.. changes.Where(c => c.Kind == StorageKinds.Job.Kind ? !IsComplete || c.Name != job : !held)];
    }
}
