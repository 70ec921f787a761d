using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Storage;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Decides about a deployment's volumes: which claims to make, whether to fetch the model, and what that means for the engines. Pure.</summary>
internal static class StoragePlanner
{
    /// <summary>The claims that a deployment mounts, those that Slipway makes among them.</summary>
    public static IEnumerable<string> ClaimNames(ModelDeployment deployment) =>
        (deployment.Spec.Model.Storage?.Volumes ?? []).Where(v => v.Image is null).Select(v => PodParts.ClaimName(deployment, v));

    /// <summary>Decides.</summary>
    /// <param name="deployment">The effective deployment.</param>
    /// <param name="runtime">The runtime.</param>
    /// <param name="rendered">What it rendered: a volume that nothing mounts needs no claim.</param>
    /// <param name="input">What there is.</param>
    /// <returns>The plan; <see langword="null"/> when the deployment has no volumes that are claims, and never had.</returns>
    public static StoragePlan? Of(ModelDeployment deployment, RuntimeDescriptor runtime, IReadOnlyList<JsonObject> rendered, PlanInput input)
    {
        if (!runtime.MountsVolumes) return null;
        var volumes = (deployment.Spec.Model.Storage?.Volumes ?? [])
            .Where(v => v.Image is null && ModelDownload.Image(rendered, v.Name) is not null).ToList();
        List<string> kept = [.. input.Claims.Values.Where(c => IsOwned(c, deployment)).Select(c => c.Metadata.Name!).Except(volumes.Select(v => PodParts.ClaimName(deployment, v))).Order(StringComparer.Ordinal)];
        if (volumes.Count == 0 && kept.Count == 0) return null;

        var (states, changes) = (new List<StorageState>(), new List<ObjectChange>());
        foreach (var volume in volumes)
        {
            var name = PodParts.ClaimName(deployment, volume);
            var state = ClaimReader.Read(deployment, volume, input.Claims.GetValueOrDefault(name));
            states.Add(state);
            if (state.Apply) changes.Add(new ApplyObject(StorageKinds.Claim.Kind, name, ManagedClaim.Render(deployment, volume), IsNew: !input.Claims.ContainsKey(name)));
        }

        var plan = new StoragePlan(ClaimReader.Sum(states, kept), changes);
        return !plan.Claims.Holds && ModelDownload.Target(deployment) is { } target && volumes.Contains(target) ? Fetch(plan, deployment, target, rendered, input) : plan;
    }

    /// <summary>The status of a deployment whose claim the cluster does not let grow.</summary>
    public static ModelDeploymentStatus NotGrown(ModelDeploymentStatus status, ModelDeployment deployment, string message, DateTimeOffset now)
    {
        var conditions = new ConditionSet(status.Conditions, deployment.Metadata.Generation, now);
        conditions.False(ConditionTypes.StorageReady, "ResizeRefused", $"{message}. What there is goes on being used: take the size back, or let the storage class's volumes grow (allowVolumeExpansion)");
        return status with { Conditions = conditions.Conditions };
    }

    private static StoragePlan Fetch(StoragePlan plan, ModelDeployment deployment, StorageVolume target, IReadOnlyList<JsonObject> rendered, PlanInput input)
    {
        // A claim that may only be read is nothing to write to.
        var claim = input.Claims.GetValueOrDefault(PodParts.ClaimName(deployment, target));
        if (claim?.Spec?.AccessModes is ["ReadOnlyMany"] || ModelDownload.Image(rendered, target.Name) is not { } image) return plan;
        var oneNode = claim?.IsForOneNode ?? (target.Size is not null && target.AccessMode is VolumeAccessMode.ReadWriteOnce or VolumeAccessMode.ReadWriteOncePod);
        var job = ModelDownload.Render(deployment, target, image, oneNode);
        var name = (string)job["metadata"]!["name"]!;
        var there = input.Objects.TryGetValue(new ObjectId(StorageKinds.Job.Kind, name), out var found) ? found : null;
        var complete = there is { IsDeleting: false } && DownloadReader.IsComplete(there.Json);
        var current = complete || there?.Json.Text("metadata", "annotations", Rendered.IdentityAnnotation) == (string?)job["metadata"]!["annotations"]![Rendered.IdentityAnnotation];
        return plan with
        {
            Job = job,
            IsComplete = complete,
            Download = DownloadReader.Read(deployment.Spec.Model, name, current ? there?.Json : null, input.DownloadPods),
        };
    }

    private static bool IsOwned(VolumeClaim claim, ModelDeployment deployment) => claim.Metadata.OwnerReferences?.Any(o => o.Uid == deployment.Metadata.Uid) == true;
}
