using Microsoft.Extensions.Logging;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Controllers;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Events;
using Slipway.Operator.Upstream;
using Slipway.Runtimes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Removes what runs a deployment before the deployment itself goes, but does not wait for ever for an operator that is gone.</summary>
internal sealed partial class Removal(
    KubeClient client, IReadOnlyList<IRuntime> runtimes, RuntimeWatches watches, StatusWriter status, EventRecorder events, TimeProvider time, ILogger logger)
{
    // As long as providers of the shared API wait.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    /// <summary>One pass over a deployment that is being deleted.</summary>
    public async Task<ReconcileResult> PassAsync(ModelDeployment deployment, NamespacedName key, CancellationToken cancellationToken)
    {
        if (deployment.Metadata.Finalizers?.Contains(ModelDeployment.Finalizer) != true) return ReconcileResult.Done;
        // Services, ConfigMaps and the like go with their owner; what runs must be seen to be gone.
        var running = watches.Objects(key).Where(o => o.Value.IsOwnedBy(deployment.Metadata.Uid)).Where(o => Find(o.Key.Kind) is { } kind && kind.Kind.Group.Length > 0)
            .OrderBy(o => o.Key.Kind, StringComparer.Ordinal).ToList();
        if (running.Count > 0)
        {
            foreach (var (id, there) in running.Where(o => !o.Value.IsDeleting))
            {
                var (runtime, _) = Find(id.Kind)!.Value;
                if (watches.Resource(runtime, id.Kind) is { } resource) await client.DeleteAsync(resource, there.Identity.Key, cancellationToken);
            }

            if (deployment.Status?.Phase is not DeploymentPhase.Terminating)
            {
                var stopping = (deployment.Status ?? new()) with
                {
                    Phase = DeploymentPhase.Terminating,
                    Message = "Stopping what runs the model",
                    ObservedGeneration = deployment.Metadata.Generation,
                };
                await status.PatchAsync(stopping, deployment, cancellationToken);
            }

            // The objects' own going brings this key here again; the clock only when they do not go.
            var left = deployment.Metadata.DeletionTimestamp!.Value + s_patience - time.GetUtcNow();
            if (left > TimeSpan.Zero) return new ReconcileResult(left);
            var names = string.Join(", ", running.Select(o => $"{o.Key.Kind} {o.Key.Name}"));
            LogGivenUp(key, names);
            await events.RecordAsync(
                StatusWriter.Reference(deployment), "FinalizerTimeout",
                $"Not gone after {s_patience.TotalMinutes:0} minutes, and no longer waited for: {names}. Its operator may not be running; its finalizers keep it until then",
                warning: true, cancellationToken);
        }

        LogRemoved(key);
        await status.SetFinalizersAsync(deployment, deployment.Metadata.Finalizers.Where(f => f != ModelDeployment.Finalizer), cancellationToken);
        return ReconcileResult.Done;
    }

    private (RuntimeDescriptor Runtime, RuntimeObject Kind)? Find(string kind)
    {
        foreach (var runtime in runtimes.Select(r => r.Descriptor))
        {
            if (runtime.Kinds.FirstOrDefault(k => k.Kind == kind) is { } known) return (runtime, known);
        }

        return null;
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Key} is removed")]
    private partial void LogRemoved(NamespacedName key);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Key} no longer waits for {Names}")]
    private partial void LogGivenUp(NamespacedName key, string names);
}
