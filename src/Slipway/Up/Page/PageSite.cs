using Slipway.Knowing;
using Slipway.Kubernetes.Connection;
using Slipway.Web;
using Slipway.Web.Access;
using Slipway.Web.Access.Oidc;
using Slipway.Web.Deployments;
using Slipway.Web.Rollouts;

namespace Slipway.Up.Page;

/// <summary>The page that `up` serves: for its user over the program's own connection, or for people who sign in, each over one of theirs.</summary>
internal sealed class PageSite : IAsyncDisposable
{
    private readonly PageParts _parts;
    private readonly TimeProvider _time;
    private readonly HubReader _hub;
    private readonly LocalHubAccount _account;
    private readonly PageSources? _own;
    private readonly KubeTransport? _people;
    private WebServer? _server;

    private PageSite(PageParts parts, TimeProvider time, KubeClient client, KubeTransport? people)
    {
        (_parts, _time, _people) = (parts, time, people);
        var models = LocalMachineFactory.Models(parts.Data, time);
        // What the hub shows to the program's user is not everybody's.
        _hub = new HubReader(people is null ? models : models.WithoutToken());
        _account = LocalHubAccount.FromEnvironment(models, time);
        if (people is null) _own = For(client);
    }

    /// <summary>Where it is.</summary>
    public Uri Address => _server!.Address;

    /// <exception cref="IOException">The port is taken, or the address is none of this machine.</exception>
    /// <param name="where">Where it is to be.</param>
    /// <param name="people">The way to the API for those who sign in; null for the one user of this machine.</param>
    /// <param name="oidc">The provider at which they may sign in; none when null.</param>
    /// <param name="options">What the page knows of this Slipway.</param>
    /// <param name="parts">What it shows.</param>
    /// <param name="client">The program's own connection.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">The logs.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<PageSite> StartAsync(
        WebAddress where, KubeTransport? people, OidcOptions? oidc, PageOptions options, PageParts parts, KubeClient client, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var site = new PageSite(parts, time, client, people);
        try
        {
            var access = people is not null ? new AccessOptions(client, people.Connect, desk => site.For(desk.Client), site.Namespaces) { Oidc = oidc } : null;
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
        _parts.Prometheus?.Dispose();
        _account.Dispose();
        _hub.Dispose();
    }

    private PageSources For(KubeClient client)
    {
        IDeployments deployments = new LiveDeployments(client, _parts.Controllers, _time);
        IRollouts rollouts = new LiveRollouts(client, _parts.Controllers, _parts.Data.Evidence);
        return new PageSources(
            deployments, new LiveLogs(_parts.Data.Logs, new ClusterLogs(client, _parts.Controllers.PodsOf), deployments, _time), new LiveTraffic(_parts.History, _parts.Load, _parts.Prometheus, deployments), rollouts,
            new LiveSchedules(client, _parts.Controllers), _parts.Keys is { } keys ? new LiveKeys(client, keys, _time) : new NoKeys(), _account, new ModelShelf(LocalMachineFactory.Models(_parts.Data, _time)),
            new RestAnswers(client, _parts.Data, _time, _hub, _parts.Operators));
    }

    private string[] Namespaces() =>
        [.. _parts.Controllers.Deployments.Objects.Keys.Select(static k => k.Namespace).Concat(_parts.Controllers.Rollouts.Objects.Keys.Select(static k => k.Namespace))
            .Concat((_parts.Keys?.All ?? []).Select(static k => k.Metadata.Namespace ?? "default")).Distinct(StringComparer.Ordinal)];
}
