using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Authentication.StandingObjects;

/// <summary>Keeps what identities and rights stand on: the objects of each namespace, the tokens in secrets, the gathered roles.</summary>
internal sealed partial class StandingWorker : IAsyncDisposable
{
    private const string Accounts = "/serviceaccounts", Maps = "/configmaps", Secrets = "/secrets", ClusterRoles = Authorizer.Group + "/clusterroles";

    private readonly ObjectStore _store;
    private readonly NamespaceObjects _namespaces;
    private readonly TokenSecrets _secrets;
    private readonly RoleAggregation _roles;
    private readonly ILogger<StandingWorker> _log;
    private readonly Channel<(string Bucket, WatchEvent Event)> _changes = Channel.CreateUnbounded<(string, WatchEvent)>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public StandingWorker(ObjectStore store, NamespaceObjects namespaces, TokenSecrets secrets, RoleAggregation roles, ILogger<StandingWorker> log)
    {
        (_store, _namespaces, _secrets, _roles, _log) = (store, namespaces, secrets, roles, log);
        store.Changed += OnChanged;
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Changed -= OnChanged;
        _changes.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private void OnChanged(Bucket bucket, IReadOnlyList<WatchEvent> events)
    {
        if (bucket.Name is not (NamespaceGuard.Bucket or Accounts or Maps or Secrets or ClusterRoles)) return;
        foreach (var item in events)
            if (Concerns(bucket.Name, item)) _changes.Writer.TryWrite((bucket.Name, item));
    }

    private static bool Concerns(string bucket, WatchEvent item) => bucket switch
    {
        NamespaceGuard.Bucket => item.Kind is ChangeKind.Added,
        Maps => item.Object!.Name == NamespaceObjects.RootCertificate && item.Kind is not ChangeKind.Added,
        Secrets => item.Kind is not ChangeKind.Deleted,
        Accounts => item.Kind is ChangeKind.Deleted,
        _ => true,
    };

    private async Task RunAsync()
    {
        // What was missed while no server ran.
        await TryAsync(ClusterRoles, "", _roles.EnsureAsync);
        foreach (var item in _store.Bucket(NamespaceGuard.Bucket).Current.Objects)
        {
            await TryAsync(NamespaceGuard.Bucket, item.Key, () => _namespaces.EnsureAsync(item.Name));
            await TryAsync(Maps, item.Key, () => _namespaces.EnsureCertificateAsync(item.Name));
        }

        foreach (var item in _store.Bucket(Secrets).Current.Objects) await TryAsync(Secrets, item.Key, () => _secrets.HandleSecretAsync(item));
        try
        {
            await foreach (var (bucket, item) in _changes.Reader.ReadAllAsync(_stop.Token))
                await TryAsync(bucket, item.Object!.Key, () => HandleAsync(bucket, item));
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next start looks at everything again.
        }
    }

    private async Task HandleAsync(string bucket, WatchEvent item)
    {
        var stored = item.Object!;
        switch (bucket)
        {
            case NamespaceGuard.Bucket:
                await _namespaces.EnsureAsync(stored.Name);
                break;
            case Maps:
                await _namespaces.EnsureCertificateAsync(stored.Namespace);
                break;
            case Accounts:
                await _secrets.HandleAccountDeletedAsync(stored);
                if (stored.Name == NamespaceObjects.Account) await _namespaces.EnsureAccountAsync(stored.Namespace);
                break;
            case Secrets:
                await _secrets.HandleSecretAsync(stored);
                break;
            default:
                await _roles.EnsureAsync();
                break;
        }
    }

    private async Task TryAsync(string bucket, string key, Func<Task> work)
    {
        if (_stop.IsCancellationRequested) return;
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(bucket, key, e);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Keeping what {Resource} {Key} needs failed; it is tried again with its next change")]
    private partial void LogFailed(string resource, string key, Exception exception);
}
