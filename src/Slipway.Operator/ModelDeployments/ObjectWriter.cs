using System.Net;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Upstream;
using Slipway.Runtimes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Why the cluster did not take an object.</summary>
/// <param name="Reason">As one CamelCase word.</param>
/// <param name="Message">In words, with what to do.</param>
internal sealed record Refusal(string Reason, string Message);

/// <summary>Makes the changes that a plan decided on.</summary>
/// <param name="client">The API.</param>
/// <param name="watches">What the cluster serves.</param>
internal sealed class ObjectWriter(KubeClient client, RuntimeWatches watches)
{
    /// <summary>Makes the changes in order, up to the first that the cluster refuses for good.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="runtime">The runtime that they are for; null for what is made whatever the runtime.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="cancellationToken">Stops the requests.</param>
    /// <returns>The refusal; null when all was done.</returns>
    /// <exception cref="KubeApiException">A refusal that passes: a conflict, a server that is busy or broken.</exception>
    public async Task<Refusal?> WriteAsync(ModelDeployment deployment, RuntimeDescriptor? runtime, IReadOnlyList<ObjectChange> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes)
        {
            if (watches.Resource(runtime, change.Kind) is not { } resource) continue;
            var key = new NamespacedName(deployment.Metadata.Namespace!, change.Name);
            try
            {
                switch (change)
                {
                    case DeleteObject:
                        await client.DeleteAsync(resource, key, cancellationToken);
                        break;
                    case ApplyObject { IsNew: true } when await client.GetAsync(resource, key, cancellationToken) is { } there && !there.IsOwnedBy(deployment.Metadata.Uid):
                        return new Refusal("ResourceConflict", DeploymentPlanner.Conflict(change.Kind, change.Name));
                    case ApplyObject apply:
                        await client.ApplyAsync(resource, key, apply.Object, ModelDeploymentController.Manager, cancellationToken);
                        break;
                }
            }
            catch (KubeApiException refused) when (Explain(refused, runtime, change) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    private static Refusal? Explain(KubeApiException refused, RuntimeDescriptor? runtime, ObjectChange change)
    {
        var what = $"the {change.Kind} {change.Name} that {runtime?.DisplayName ?? "the gateway"} needs";
        return refused.Code switch
        {
            HttpStatusCode.Forbidden when refused.Message.Contains("exceeded quota", StringComparison.Ordinal) => new(
                "QuotaExceeded", $"The namespace's quota leaves no room for {what}: {refused.Message}. Ask for less, or have the quota raised"),
            HttpStatusCode.Forbidden => new("Forbidden", $"The cluster forbids {what}: {refused.Message}"),
            // The schema in the cluster knows other fields than the renderer was written for, or an admission rule says no.
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => Incompatible(),
            // kube-apiserver 1.36 answers a server-side apply with an unknown field with 500, before it looks at fieldValidation.
            HttpStatusCode.InternalServerError when refused.Message.Contains("field not declared in schema", StringComparison.Ordinal) => Incompatible(),
            HttpStatusCode.NotFound => new("UpstreamMissing", $"The cluster does not take {what}: {refused.Message}"),
            HttpStatusCode.RequestEntityTooLarge => new("TooLarge", $"The cluster does not take {what}: {refused.Message}"),
            _ => null,
        };

        Refusal Incompatible() => new(
                "IncompatibleUpstream", $"The cluster refuses {what}: {refused.Message}{(runtime?.Install is { } install ? $". Slipway was written for version {install.Version} of it" : "")}");
    }
}
