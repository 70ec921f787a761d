using Slipway.Api;
using Slipway.Api.LocalEngines;
using Slipway.Api.ModelDeployments;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Output;
using Spectre.Console;

namespace Slipway.Commands;

/// <summary>Follows a deployment on the screen until it answers or cannot.</summary>
internal static class DeployProgress
{
    public static async Task<int> FollowAsync(
        Reach reach, NamespacedName key, long? generation, TimeSpan timeout, OutputFormat format, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        ModelDeployment? last = null;
        try
        {
            // Standard error, so that -o json on standard output stays clean.
            var screen = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            await screen.Progress()
                .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
                .StartAsync(async progress =>
                {
                    var task = progress.AddTask($"{key.Name}: declared");
                    task.IsIndeterminate = true;
                    await foreach (var (deployment, engine) in StatesAsync(reach, key, either.Token))
                    {
                        last = deployment;
                        Show(task, deployment, engine);
                        if (deployment.Status?.ObservedGeneration >= generation && Settled(deployment)) break;
                    }

                    task.IsIndeterminate = false;
                    task.Value = task.MaxValue;
                });
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new CommandFailure(
                ExitCodes.TimedOut, $"{key} does not answer after {timeout.TotalSeconds:0} s: {last?.Status?.Message}. It goes on; look with: slipway describe {key.Name}{reach.Data.Flag}");
        }

        if (last!.Status!.Phase is DeploymentPhase.Failed)
            throw new CommandFailure(ExitCodes.Failed, $"{key} failed: {last.Status.Message}\nLook with: slipway describe {key.Name}{reach.Data.Flag}");

        if (format is not OutputFormat.Table) await Print.ObjectAsync(last, SlipwayJson.Default.ModelDeployment, format);
        else await Console.Out.WriteLineAsync($"{key} {(last.Spec.Scaling?.Replicas == 0 ? "is declared, with 0 replicas" : $"answers. Try: slipway chat {key.Name}{reach.Data.Flag}")}");
        return ExitCodes.Ok;
    }

    private static bool Settled(ModelDeployment deployment) =>
        deployment.Status is { Phase: DeploymentPhase.Running or DeploymentPhase.Failed }
        || deployment is { Spec.Scaling.Replicas: 0, Status.Phase: DeploymentPhase.Pending };

    private static void Show(ProgressTask task, ModelDeployment deployment, LocalEngine? engine)
    {
        task.Description = Markup.Escape($"{deployment.Metadata.Name}: {deployment.Status?.Message ?? "declared"}");
        var download = engine?.Status?.Download;
        task.IsIndeterminate = download?.BytesTotal is null or 0;
        if (download is not { BytesTotal: > 0 and var total }) return;
        task.MaxValue = (double)total;
        task.Value = download.BytesDone ?? 0;
    }

    private static async IAsyncEnumerable<(ModelDeployment Deployment, LocalEngine? Engine)> StatesAsync(
        Reach reach, NamespacedName key, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Declared first, so disposed last: the watches below may report until they are stopped.
        using var changed = new SemaphoreSlim(0);
        await using var deployments = Follower.Watch(reach.Client, Kinds.ModelDeployments);
        await using var engines = Follower.Watch(reach.Client, Kinds.LocalEngines);
        void OnChange(NamespacedName which)
        {
            if (which == key) changed.Release();
        }

        deployments.Changed += OnChange;
        engines.Changed += OnChange;
        deployments.Start();
        engines.Start();
        await deployments.Synced.WaitAsync(cancellationToken);
        while (true)
        {
            if (deployments.Get(key) is { } deployment) yield return (deployment, engines.Get(key));
            await changed.WaitAsync(cancellationToken);
        }
    }
}
