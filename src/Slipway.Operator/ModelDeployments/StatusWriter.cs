using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Events;
using Slipway.Operator.Sizing;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Writes a deployment's status when it differs, and tells people what is new in it.</summary>
/// <param name="client">The API.</param>
/// <param name="events">For telling people.</param>
internal sealed class StatusWriter(KubeClient client, EventRecorder events)
{
    private static readonly string[] s_withdrawable = ["endpoint", "gateway", "replicas"];

    /// <summary>Writes what a plan says.</summary>
    /// <returns>Whether there was anything to write.</returns>
    public async Task<bool> WriteAsync(DeploymentPlan plan, ModelDeployment deployment, CancellationToken cancellationToken)
    {
        if (Same(plan.Status, deployment.Status)) return false;
        await PatchAsync(plan.Status, deployment, cancellationToken);
        foreach (var (reason, message, warning) in plan.News(deployment.Status))
            await events.RecordAsync(Reference(deployment), reason, message, warning, cancellationToken);
        return true;
    }

    /// <summary>Writes a status.</summary>
    /// <remarks>
    /// A merge patch with the version that was read: another controller's write in between is a conflict, and fields that are no longer
    /// said go. Providers of the shared API write whole statuses too, so ownership by field would not hold here.
    /// </remarks>
    public async Task PatchAsync(ModelDeploymentStatus status, ModelDeployment deployment, CancellationToken cancellationToken)
    {
        var next = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.ModelDeploymentStatus)!.AsObject();
        foreach (var gone in s_withdrawable.Where(f => !next.ContainsKey(f))) next[gone] = null;
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = deployment.Metadata.ResourceVersion },
            ["status"] = next,
        };
        await client.MergePatchAsync(Kinds.ModelDeployments, Key(deployment), patch, ModelDeploymentController.Manager, cancellationToken, "status");
    }

    /// <summary>Sets the finalizers.</summary>
    public Task SetFinalizersAsync(ModelDeployment deployment, IEnumerable<string> finalizers, CancellationToken cancellationToken) =>
        client.SetFinalizersAsync(Kinds.ModelDeployments, Key(deployment), deployment.Metadata.ResourceVersion, finalizers, ModelDeploymentController.Manager, cancellationToken);

    /// <summary>Writes a sizing down in the deployment, before anything is made by it.</summary>
    public Task RecordAsync(ModelDeployment deployment, ModelSizing sizing, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = deployment.Metadata.ResourceVersion,
                ["annotations"] = new JsonObject { [SizingRecord.Annotation] = SizingRecord.Write(sizing) },
            },
        };
        return client.MergePatchAsync(Kinds.ModelDeployments, Key(deployment), patch, ModelDeploymentController.Manager, cancellationToken);
    }

    /// <summary>How Events name a deployment.</summary>
    public static ObjectReference Reference(ModelDeployment deployment) => new()
    {
        ApiVersion = ModelDeployment.GroupVersion,
        Kind = "ModelDeployment",
        Namespace = deployment.Metadata.Namespace,
        Name = deployment.Metadata.Name,
        Uid = deployment.Metadata.Uid,
    };

    private static NamespacedName Key(ModelDeployment deployment) => new(deployment.Metadata.Namespace ?? "", deployment.Metadata.Name ?? "");

    private static bool Same(ModelDeploymentStatus next, ModelDeploymentStatus? current) =>
        current is not null
        && JsonSerializer.Serialize(next, SlipwayJson.Default.ModelDeploymentStatus)
            == JsonSerializer.Serialize(current, SlipwayJson.Default.ModelDeploymentStatus);
}
