using Slipway.ApiServer;
using Slipway.Gateway.Records.History;
using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Operator;
using Slipway.Web;
using Slipway.Web.Access;
using Slipway.Web.Deployments;
using Slipway.Web.Rollouts;

namespace Slipway.Up.Page;

/// <summary>The page that `up` serves: for its user over the program's own connection, or for people who sign in, each over one of theirs.</summary>
internal sealed class PageSite : IAsyncDisposable
{
    private readonly SlipwayOperator _controllers;
    private readonly GatewayKeys _keys;
    private readonly RequestHistory _history;
    private readonly DataDirectory _data;
    private readonly TimeProvider _time;
    private readonly HubReader _hub;
    private readonly LocalHubAccount _account;
    private readonly PageSources? _own;
    private readonly KubeTransport? _people;
    private WebServer? _server;

    private PageSite(SlipwayOperator controllers, GatewayKeys keys, RequestHistory history, DataDirectory data, TimeProvider time, KubeClient client, EmbeddedApiServer api, bool signsIn)
    {
        (_controllers, _keys, _history, _data, _time) = (controllers, keys, history, data, time);
        var models = LocalMachineFactory.Models(data, time);
        // What the hub shows to the program's user is not everybody's.
        _hub = new HubReader(signsIn ? models.WithoutToken() : models);
        _account = LocalHubAccount.FromEnvironment(models, time);
        if (signsIn) _people = new KubeTransport(api.Address, api.CertificateAuthority);
        else _own = For(client);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => _server!.Address;

    /// <exception cref="IOException">The port is taken, or the address is none of this machine.</exception>
    public static async Task<PageSite> StartAsync(
        WebAddress where, bool signsIn, PageOptions options, SlipwayOperator controllers, GatewayKeys keys, RequestHistory history, DataDirectory data, KubeClient client, EmbeddedApiServer api,
        TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var site = new PageSite(controllers, keys, history, data, time, client, api, signsIn);
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
        (_own?.Keys as IDisposable)?.Dispose();
        _people?.Dispose();
        _account.Dispose();
        _hub.Dispose();
    }

    private PageSources For(KubeClient client)
    {
        IDeployments deployments = new LiveDeployments(client, _controllers, _time);
        IRollouts rollouts = new LiveRollouts(client, _controllers, _data.Evidence);
        return new PageSources(
            deployments, new LiveLogs(_data.Logs, deployments, _time), new LiveTraffic(_history, deployments), rollouts, new LiveSchedules(client, _controllers),
            new LiveKeys(client, _keys, _time), _account, new ModelShelf(LocalMachineFactory.Models(_data, _time)),
            new RestAnswers(client, _data, _time, _hub));
    }

    private string[] Namespaces() =>
        [.. _controllers.Deployments.Objects.Keys.Select(static k => k.Namespace).Concat(_controllers.Rollouts.Objects.Keys.Select(static k => k.Namespace))
            .Concat(_keys.All.Select(static k => k.Metadata.Namespace ?? "default")).Distinct(StringComparer.Ordinal)];
}
