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
    private readonly ChangeLoop _loop;

    public StandingWorker(ObjectStore store, NamespaceObjects namespaces, TokenSecrets secrets, RoleAggregation roles, ILogger<StandingWorker> log)
    {
        (_store, _namespaces, _secrets, _roles, _log) = (store, namespaces, secrets, roles, log);
        _loop = new(store, static (bucket, item) => Concerns(bucket.Name, item), ResumeAsync, (bucket, item) => HandleAsync(bucket.Name, item), LogFailed);
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private static bool Concerns(string bucket, WatchEvent item) => bucket switch
    {
        NamespaceGuard.Bucket => item.Kind is ChangeKind.Added,
        Maps => item.Object!.Name == NamespaceObjects.RootCertificate && item.Kind is not ChangeKind.Added,
        Secrets => item.Kind is not ChangeKind.Deleted,
        Accounts => item.Kind is ChangeKind.Deleted,
        _ => bucket == ClusterRoles,
    };

    private async Task ResumeAsync(ChangeLoop loop)
    {
        await loop.TryAsync(ClusterRoles, "", _roles.EnsureAsync);
        foreach (var item in _store.Bucket(NamespaceGuard.Bucket).Current.Objects)
        {
            await loop.TryAsync(NamespaceGuard.Bucket, item.Key, () => _namespaces.EnsureAsync(item.Name));
            await loop.TryAsync(Maps, item.Key, () => _namespaces.EnsureCertificateAsync(item.Name));
        }

        foreach (var item in _store.Bucket(Secrets).Current.Objects) await loop.TryAsync(Secrets, item.Key, () => _secrets.HandleSecretAsync(item));
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

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Keeping what {Resource} {Key} needs failed; it is tried again with its next change")]
    private partial void LogFailed(string resource, string key, Exception exception);
}
