using Slipway.Commands;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Leases;
using Slipway.Operator;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Operator.Upstream;
using Slipway.Up;

namespace Slipway.Operating;

/// <summary>Slipway's controllers for a cluster: waits for its turn, works, and ends when the turn is lost.</summary>
/// <remarks>A process that lost its lease ends rather than waits again, as Kubernetes' own controllers do: nothing of what it was about to write is left in it.</remarks>
internal static class OperatorHost
{
    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailure">Something stands in the way; the message says what and what to do.</exception>
    public static async Task<int> RunAsync(OperatorOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        var rollouts = await KindsAreThereAsync(options.Client, cancellationToken) ? new RolloutOptions(options.Scratch.Evidence) { DecisionKey = new DecisionSecret(options.Client, options.Namespace), KeepsPairs = true, Prices = () => KnownPrices.ReadAsync(options.Scratch.PriceStore, null) } : null;
        using var exporters = Exporters.Start();
        await using var endpoints = await OperatorEndpoints.StartAsync(options.Listen, exporters.Metrics, loggers, cancellationToken);
        await Console.Error.WriteLineAsync($"Health and metrics are at {endpoints.Address}");
        // All processes answer, whoever works.
        await using var admission = options.Admission is { } wanted ? await AdmissionServer.StartAsync(wanted, options, loggers, time, cancellationToken) : null;
        if (options.Lease is not { } lease)
        {
            await WorkAsync(options, rollouts, loggers, time, cancellationToken);
            return ExitCodes.Ok;
        }

        await using var elector = new LeaderElector(options.Client, lease, options.Identity, time, loggers.CreateLogger<LeaderElector>());
        endpoints.Ready("waiting for the lease");
        await elector.AcquireAsync(cancellationToken);
        endpoints.Ready("working");
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, elector.Lost);
        await WorkAsync(options, rollouts, loggers, time, turn.Token);
        return elector.Lost.IsCancellationRequested ? throw new CommandFailure(ExitCodes.Failed, $"Lost the lease {lease}: another process works now.") : ExitCodes.Ok;
    }

    private static async Task WorkAsync(OperatorOptions options, RolloutOptions? rollouts, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var controllers = new SlipwayOperator(options.Client, options.Runtimes, null, null, SlipwayHost.Version, time, loggers, options.Hub, options.Gateway, options.Ceilings, rollouts, options.Speed);
        try
        {
            await controllers.StartAsync(cancellationToken);
            await using var refreshing = options.RefreshPrices ? PriceRefreshing.Start(options.Client, options.Scratch, time, loggers) : null;
            await using var keeping = options.Costs is { } costs ? CostKeeping.Start(options.Client, costs, options.Scratch.PriceStore, time, loggers) : null;
            await Console.Error.WriteLineAsync($"Working: {string.Join(", ", options.Runtimes.Select(r => r.Descriptor.Name))}");
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop, or no longer the one that works.
        }
    }

    // Whoever may install kinds does so beforehand: the operator has no right to.
    internal static async Task<bool> KindsAreThereAsync(KubeClient client, CancellationToken cancellationToken)
    {
        var there = (await client.ListAsync(Definition.Resource, null, cancellationToken)).Where(d => d.IsEstablished).Select(d => d.Metadata.Name).ToHashSet();
        string[] Missing(params string[] names) => [.. names.Where(n => !there.Contains(n))];
        const string How = "Install them with: slipway install --dry-run | kubectl apply --server-side -f -";
        var missing = Missing($"{Kinds.ModelDeployments.Plural}.{Kinds.ModelDeployments.Group}", $"{Kinds.Providers.Plural}.{Kinds.Providers.Group}");
        if (missing.Length > 0) throw new CommandFailure(ExitCodes.Failed, $"The cluster does not have {string.Join(" and ", missing)}. {How}");
        // A Slipway that was installed before there were rollouts goes on without them.
        var group = Kinds.ModelRollouts.Group;
        var absent = Missing($"{Kinds.ModelRollouts.Plural}.{group}", $"{Kinds.QualityGates.Plural}.{group}", $"{Kinds.EvaluationSuites.Plural}.{group}", $"{Kinds.EvaluationSchedules.Plural}.{group}");
        if (absent.Length > 0) await Console.Error.WriteLineAsync($"No rollouts: the cluster does not have {string.Join(", ", absent)}. {How}");
        return absent.Length == 0;
    }
}
