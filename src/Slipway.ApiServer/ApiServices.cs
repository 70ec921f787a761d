using Microsoft.Extensions.Logging;
using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Authentication.Impersonation;
using Slipway.ApiServer.Authentication.Oidc;
using Slipway.ApiServer.Authentication.StandingObjects;
using Slipway.ApiServer.Authentication.Tokens;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Discovery;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Metrics;
using Slipway.ApiServer.Pki;
using Slipway.ApiServer.Pods;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer;

/// <summary>Puts the parts of one server together.</summary>
internal sealed class ApiServices : IAsyncDisposable
{
    private static readonly TimeSpan s_bookmarkEvery = TimeSpan.FromMinutes(1);

    private readonly ObjectStore _store;
    private readonly LifecycleWorker _lifecycle;
    private readonly StandingWorker _standing;
    private readonly WebhookClient _webhooks;
    private readonly OidcAuthenticator? _oidc;
    private readonly CancellationTokenSource _stopping;
    private readonly ITimer _bookmarks;

    private ApiServices(
        ObjectStore store, LifecycleWorker lifecycle, StandingWorker standing, WebhookClient webhooks, OidcAuthenticator? oidc, ApiPipeline pipeline, CancellationTokenSource stopping, TimeProvider time)
    {
        _store = store;
        _lifecycle = lifecycle;
        _standing = standing;
        _webhooks = webhooks;
        _oidc = oidc;
        _stopping = stopping;
        Pipeline = pipeline;
        _bookmarks = time.CreateTimer(_ =>
        {
            foreach (var bucket in store.Buckets) bucket.Hub.Bookmark(() => store.Revision);
        }, null, s_bookmarkEvery, s_bookmarkEvery);
    }

    public ApiPipeline Pipeline { get; }

    public static async Task<ApiServices> OpenAsync(ApiServerOptions options, Task<CertificateStore> opening, ILoggerFactory loggers)
    {
        var store = ObjectStore.Open(options.DataDirectory);
        try
        {
            return await OpenAsync(options, store, opening, loggers);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static async Task<ApiServices> OpenAsync(ApiServerOptions options, ObjectStore store, Task<CertificateStore> opening, ILoggerFactory loggers)
    {
        var time = options.Time;
        var registry = new ResourceRegistry([.. BuiltInKinds.All()]);
        _ = new CrdCatalog(store, registry, time);
        var stopping = new CancellationTokenSource();
        var webhooks = new WebhookClient(new ServiceEndpoints(store), time);
        var converter = new VersionConverter(webhooks);
        var admission = new AdmissionController(store, registry, webhooks, converter);
        var authorizer = new Authorizer(store);
        var reader = new ReadHandler(store, converter, time);
        var writer = new WriteHandler(
            store, new ObjectRules(time), reader, new NamespaceGuard(store), new EscalationGuard(authorizer), admission, new BuiltInAdmission(store, time), converter, time);
        var patcher = new PatchHandler(writer, time);
        var deleter = new DeleteHandler(store, reader, admission, converter, time);
        var pods = new PodHandler(new BindingHandler(store, admission, time), new EvictionHandler(store, deleter, admission, time), reader, writer, patcher);
        await Task.WhenAll(FirstNamespaces.CreateAsync(store, registry, time), BootstrapRbac.EnsureAsync(store, registry, time));
        var certificates = await opening;
        var issuer = new TokenIssuer(certificates.Tokens, time);
        var oidc = options.Oidc is { } provider ? new OidcAuthenticator(provider, time, loggers.CreateLogger<OidcAuthenticator>()) : null;
        var entrance = Open(store, registry, certificates, issuer, authorizer, oidc, time);
        var objects = new SystemObjects(store, registry, deleter, time);
        var standing = new StandingWorker(
            store, new(objects, certificates.Authority), new(objects, issuer, certificates.Authority), new(objects), loggers.CreateLogger<StandingWorker>());
        var lifecycle = new LifecycleWorker(store, registry, deleter, loggers.CreateLogger<LifecycleWorker>());
        var pipeline = new ApiPipeline(
            entrance, registry, store, new DiscoveryHandler(registry), new OpenApiHandler(registry), reader, new WatchHandler(store, converter, time, stopping.Token),
            writer, patcher, deleter, new ScaleHandler(writer, admission, time), pods, new ServerMetrics(store, registry), loggers.CreateLogger<ApiPipeline>());
        return new(store, lifecycle, standing, webhooks, oidc, pipeline, stopping, time);
    }

    private static Entrance Open(
        ObjectStore store, ResourceRegistry registry, CertificateStore certificates, TokenIssuer issuer, Authorizer authorizer, OidcAuthenticator? oidc, TimeProvider time)
    {
        var tokens = new TokenAuthenticator(certificates.Tokens, new TokenLiveness(store, time));
        var reviews = new Reviews(new AccessReviews(authorizer), new IdentityReviews(tokens, oidc, time), new TokenRequests(store, registry, issuer, time));
        return new(new Authenticator(new CertificateUsers(certificates, time), tokens, oidc), new Impersonator(authorizer), authorizer, reviews, new IssuerDocuments(certificates.Tokens));
    }

    public Task StopWatchesAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _bookmarks.DisposeAsync();
        await _standing.DisposeAsync();
        await _lifecycle.DisposeAsync();
        _webhooks.Dispose();
        _oidc?.Dispose();
        _store.Dispose();
        _stopping.Dispose();
    }
}

/// <summary>The namespaces that every cluster has.</summary>
internal static class FirstNamespaces
{
    public static async Task CreateAsync(ObjectStore store, ResourceRegistry registry, TimeProvider time)
    {
        var type = registry.Current.Find("", "namespaces")!;
        var bucket = store.Bucket(type.BucketName);
        var writes = new List<Task>();
        foreach (var name in (string[])["default", "kube-node-lease", "kube-public", "kube-system"])
        {
            if (bucket.Find("/" + name) is not null) continue;
            var metadata = new JsonMap { ["name"] = name };
            MetadataRules.Begin(metadata, time.GetUtcNow());
            var value = new JsonMap { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = metadata };
            type.Strategy.PrepareForCreate(value);
            type.Strategy.Default(value);
            writes.Add(store.WriteAsync(bucket, "/" + name, null, EncodedObject.From(value), type));
        }

        await Task.WhenAll(writes);
    }
}
