using Slipway.ApiServer;
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
    private readonly DataDirectory _data;
    private readonly TimeProvider _time;
    private readonly HubReader _hub;
    private readonly PageSources? _own;
    private readonly KubeTransport? _people;
    private WebServer? _server;

    private PageSite(SlipwayOperator controllers, RequestHistory history, LoadHistory load, DataDirectory data, TimeProvider time, KubeClient client, EmbeddedApiServer api, bool signsIn)
    {
        (_controllers, _history, _load, _data, _time) = (controllers, history, load, data, time);
        var models = LocalMachineFactory.Models(data, time);
        // What the hub shows to the program's user is not everybody's.
        _hub = new HubReader(signsIn ? models with { Token = null } : models);
        if (signsIn) _people = new KubeTransport(api.Address, api.CertificateAuthority);
        else _own = For(client);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => _server!.Address;

    /// <exception cref="IOException">The port is taken, or the address is none of this machine.</exception>
    public static async Task<PageSite> StartAsync(
        WebAddress where, bool signsIn, PageOptions options, SlipwayOperator controllers, RequestHistory history, LoadHistory load, DataDirectory data, KubeClient client, EmbeddedApiServer api,
        TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var site = new PageSite(controllers, history, load, data, time, client, api, signsIn);
        try
        {
            var access = site._people is { } people ? new AccessOptions(client, people.Connect, desk => site.For(desk.Client), site.Namespaces) : null;
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
        _hub.Dispose();
    }

    private PageSources For(KubeClient client)
    {
        IDeployments deployments = new LiveDeployments(client, _controllers, _time);
        IRollouts rollouts = new LiveRollouts(client, _controllers, _data.Evidence);
        return new PageSources(
            deployments, new LiveLogs(_data.Logs, deployments, _time), new LiveTraffic(_history, _load, deployments), rollouts, new LiveSchedules(client, _controllers), new ModelShelf(LocalMachineFactory.Models(_data, _time)),
            new RestAnswers(client, _data, _time, _hub));
    }

    private string[] Namespaces() =>
        [.. _controllers.Deployments.Objects.Keys.Select(static k => k.Namespace).Concat(_controllers.Rollouts.Objects.Keys.Select(static k => k.Namespace)).Distinct(StringComparer.Ordinal)];
}
