using System.Net.Sockets;
using Slipway.Commands;
using Slipway.Gateway.Records.History;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator;
using Slipway.Operator.Keeping;
using Slipway.Operator.Load;
using Slipway.Operator.Rollouts;
using Slipway.Runtimes;
using Slipway.Up;
using Slipway.Up.Page;
using Slipway.Web;
using Slipway.Web.Access.Oidc;

namespace Slipway.Operating;

/// <summary>The page for a cluster: caches that are kept with the process's own right to look, and people who act with theirs.</summary>
internal static class ClusterPage
{
    // Where no Gateway has an address yet: nobody answers there, and the playground says so.
    private static readonly Uri s_nowhere = new("http://no-gateway-yet.invalid/");

    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailure">Something stands in the way; the message says what and what to do.</exception>
    public static async Task<int> RunAsync(ClusterPageOptions options, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        var rollouts = await OperatorHost.KindsAreThereAsync(options.Client, cancellationToken) ? new RolloutOptions(options.Scratch.Evidence) : null;
        await using var caches = new SlipwayOperator(options.Client, options.Runtimes, null, null, SlipwayHost.Version, time, loggers, null, options.Gateway, rollouts: rollouts);
        await caches.WatchAsync(cancellationToken);
        var load = new LoadHistory(time);
        // What nodes cost is for those who may see them: the process itself may not.
        using var keeper = new LoadKeeper(load, caches.EngineMetrics, costs: null, time);
        var sampling = Task.Run(() => keeper.RunAsync(cancellationToken), CancellationToken.None);
        var page = new PageOptions(options.Models ?? s_nowhere, SlipwayHost.Version) { Found = options.Models is null ? () => Found(caches) : null };
        try
        {
            await using var site = await PageSite.StartAsync(
                options.Where, options.People(), options.Oidc, page, new PageParts(caches, new RequestHistory(time), load, options.Scratch) { Operators = options.Operators, Prometheus = options.Prometheus is { } prometheus ? new PrometheusHistory(prometheus, time) : null },
                options.Client, time, loggers, cancellationToken);
            await Console.Error.WriteLineAsync($"The page is at {site.Address}");
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception taken) when (taken is IOException or SocketException)
        {
            throw new CommandFailure(ExitCodes.Failed, $"The page cannot be served: {taken.Message} Choose another port with --web-port.");
        }

        await sampling;
        return ExitCodes.Ok;
    }

    // The Gateway's address, as the status of any deployment that it reaches has it.
    private static Uri? Found(SlipwayOperator caches) =>
        caches.Deployments.Objects.Values.Select(static d => d.Status?.Gateway?.Endpoint).FirstOrDefault(static e => e is not null) is { } endpoint && Uri.TryCreate(endpoint, UriKind.Absolute, out var found) ? new Uri(found, "/") : null;
}

/// <summary>What `slipway web` was asked for.</summary>
/// <param name="Client">The cluster, with the process's own rights.</param>
/// <param name="People">Makes a way to it for people.</param>
/// <param name="Runtimes">The runtimes whose objects are shown.</param>
/// <param name="Where">Where the page is.</param>
internal sealed record ClusterPageOptions(KubeClient Client, Func<KubeTransport> People, IReadOnlyList<IRuntime> Runtimes, WebAddress Where)
{
    /// <summary>The Gateway that models are reached through; the labelled or only one when null.</summary>
    public NamespacedName? Gateway { get; init; }

    /// <summary>Where programs reach models; the Gateway's address when null.</summary>
    public Uri? Models { get; init; }

    /// <summary>The provider at which people may sign in; none when null.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>The namespace of the operator, which keeps what was spent.</summary>
    public string Operators { get; init; } = OperatorNamespace.Usual;

    /// <summary>The Prometheus that scrapes engines; none when null.</summary>
    public Uri? Prometheus { get; init; }

    /// <summary>The folder of what may be lost.</summary>
    public DataDirectory Scratch { get; init; } = DataDirectory.Locate(Path.Combine(Path.GetTempPath(), "slipway-web"));
}
