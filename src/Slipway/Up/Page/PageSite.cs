using Slipway.Gateway.Records.History;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;
using Slipway.Operator.Load;
using Slipway.Web;
using Slipway.Web.Access;
using Slipway.Web.Deployments;
using Slipway.Web.Rollouts;

namespace Slipway.Up.Page;

/// <summary>The page that `up` serves: for its user over the program's own connection, or for people who sign in, each over one of theirs.</summary>
internal sealed class PageSite : IAsyncDisposable
{
    private readonly SlipwayOperator _controllers;
    private readonly RequestHistory _history;
    private readonly LoadHistory _load;
    private readonly PrometheusHistory? _prometheus;
    private readonly DataDirectory _data;
    private readonly TimeProvider _time;
    private readonly HubReader _hub;
    private readonly PageSources? _own;
    private readonly KubeTransport? _people;
    private readonly bool _inCluster;
    private WebServer? _server;

    private PageSite(SlipwayOperator controllers, RequestHistory history, LoadHistory load, PrometheusHistory? prometheus, DataDirectory data, TimeProvider time, KubeClient client, KubeTransport? people, bool inCluster)
    {
        (_controllers, _history, _load, _prometheus, _data, _time) = (controllers, history, load, prometheus, data, time);
        var models = LocalMachineFactory.Models(data, time);
        // What the hub shows to the program's user is not everybody's.
        _hub = new HubReader(people is null ? models : models with { Token = null });
        (_people, _inCluster) = (people, inCluster);
        if (people is null) _own = For(client);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => _server!.Address;

    /// <exception cref="IOException">The port is taken, or the address is none of this machine.</exception>
    /// <param name="where">Where it is to be.</param>
    /// <param name="people">The way to the API for those who sign in; null for the one user of this machine.</param>
    /// <param name="inCluster">Whether what is shown runs in a cluster, and nothing on this machine.</param>
    /// <param name="options">What the page knows of this Slipway.</param>
    /// <param name="controllers">What there is.</param>
    /// <param name="history">What the gateway saw.</param>
    /// <param name="load">What engines said.</param>
    /// <param name="prometheus">Who remembers for longer; ended with the site.</param>
    /// <param name="data">The folder of prices and the like.</param>
    /// <param name="client">The program's own connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<PageSite> StartAsync(
        WebAddress where, KubeTransport? people, bool inCluster, PageOptions options, SlipwayOperator controllers, RequestHistory history, LoadHistory load, PrometheusHistory? prometheus, DataDirectory data, KubeClient client,
        TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var site = new PageSite(controllers, history, load, prometheus, data, time, client, people, inCluster);
        try
        {
            var access = people is not null ? new AccessOptions(client, people.Connect, desk => site.For(desk.Client), site.Namespaces) : null;
            site._server = await WebServer.StartAsync(where, options, site._own, access, time, loggers, cancellationToken);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        (_own?.Deployments as IDisposable)?.Dispose();
        (_own?.Rollouts as IDisposable)?.Dispose();
        (_own?.Schedules as IDisposable)?.Dispose();
        _people?.Dispose();
        _prometheus?.Dispose();
        _hub.Dispose();
    }

    private PageSources For(KubeClient client)
    {
        IDeployments deployments = new LiveDeployments(client, _controllers, _time);
        IRollouts rollouts = new LiveRollouts(client, _controllers, _data.Evidence);
        return new PageSources(
            deployments, new LiveLogs(_data.Logs, new ClusterLogs(client, _controllers.PodsOf), deployments, _time), new LiveTraffic(_history, _load, _prometheus, deployments), rollouts, new LiveSchedules(client, _controllers), new ModelShelf(LocalMachineFactory.Models(_data, _time)),
            new RestAnswers(client, _data, _time, _hub, _inCluster));
    }

    private string[] Namespaces() =>
        [.. _controllers.Deployments.Objects.Keys.Select(static k => k.Namespace).Concat(_controllers.Rollouts.Objects.Keys.Select(static k => k.Namespace)).Distinct(StringComparer.Ordinal)];
}
