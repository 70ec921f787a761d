using Slipway.Kubernetes.Connection;

namespace Slipway.Commands;

/// <summary>Commands that speak to a cluster and never to the Slipway of this machine.</summary>
internal static class ClusterCommand
{
    /// <summary>Runs a command against a cluster, turning what can go wrong into sentences and exit codes.</summary>
    public static async Task<int> RunAsync(string? kubeconfig, string? context, Func<KubeClient, CancellationToken, Task<int>> body, CancellationToken cancellationToken)
    {
        using var interrupt = Interrupt.Link(cancellationToken);
        try
        {
            using var connection = Connect(kubeconfig, context);
            return await body(new KubeClient(connection), interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception failure) when (failure is CommandFailure or KubeApiException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"slipway: {failure.Message}");
            return (failure as CommandFailure)?.ExitCode ?? ExitCodes.Failed;
        }
        catch (HttpRequestException unreachable)
        {
            await Console.Error.WriteLineAsync($"slipway: The cluster does not answer: {unreachable.Message}");
            return ExitCodes.Unreachable;
        }
    }

    /// <summary>A way to the same cluster for people with credentials of their own.</summary>
    public static KubeTransport Transport(string? kubeconfig, string? context) =>
        kubeconfig is null && context is null && KubeConnection.IsInCluster ? KubeTransport.InCluster() : KubeTransport.FromKubeconfig(kubeconfig, context);

    private static KubeConnection Connect(string? kubeconfig, string? context)
    {
        if (kubeconfig is null && context is null && KubeConnection.IsInCluster) return KubeConnection.InCluster();
        return kubeconfig is null || File.Exists(kubeconfig)
            ? KubeConnection.FromKubeconfig(kubeconfig, context)
            : throw new CommandFailure(ExitCodes.Unreachable, $"There is no kubeconfig {kubeconfig}.");
    }
}
