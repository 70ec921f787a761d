using Microsoft.Extensions.Logging;
using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Crds;
using Slipway.ApiServer.Discovery;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Pods;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer;

/// <summary>Puts the parts of one server together.</summary>
internal sealed class ApiServices : IAsyncDisposable
{
    private static readonly TimeSpan s_bookmarkEvery = TimeSpan.FromMinutes(1);

    private readonly ObjectStore _store;
    private readonly LifecycleWorker _lifecycle;
    private readonly WebhookClient _webhooks;
    private readonly CancellationTokenSource _stopping;
    private readonly ITimer _bookmarks;

    private ApiServices(ObjectStore store, LifecycleWorker lifecycle, WebhookClient webhooks, ApiPipeline pipeline, CancellationTokenSource stopping, TimeProvider time)
    {
        _store = store;
        _lifecycle = lifecycle;
        _webhooks = webhooks;
        _stopping = stopping;
        Pipeline = pipeline;
        _bookmarks = time.CreateTimer(_ =>
        {
            foreach (var bucket in store.Buckets) bucket.Hub.Bookmark(() => store.Revision);
        }, null, s_bookmarkEvery, s_bookmarkEvery);
    }

    public ApiPipeline Pipeline { get; }

    public static async Task<ApiServices> OpenAsync(ApiServerOptions options, ILoggerFactory loggers)
    {
        var time = options.Time;
        var store = ObjectStore.Open(options.DataDirectory);
        var registry = new ResourceRegistry(BuiltInKinds.All());
        _ = new CrdCatalog(store, registry);
        var stopping = new CancellationTokenSource();
        var rules = new ObjectRules(new UncheckedRules(), time);
        var webhooks = new WebhookClient(new ServiceEndpoints(store), time);
        var converter = new VersionConverter(webhooks);
        var admission = new AdmissionController(store, registry, webhooks, converter);
        var reader = new ReadHandler(store, converter, time);
        var writer = new WriteHandler(store, rules, reader, new NamespaceGuard(store), admission, new PodAdmission(store), converter, time);
        var patcher = new PatchHandler(writer, time);
        var deleter = new DeleteHandler(store, reader, admission, converter, time);
        var pods = new PodHandler(new BindingHandler(store, admission, time), new EvictionHandler(store, deleter, admission, time), reader, writer, patcher);
        await FirstNamespaces.CreateAsync(store, registry, time);
        var lifecycle = new LifecycleWorker(store, registry, deleter, loggers.CreateLogger<LifecycleWorker>());
        var pipeline = new ApiPipeline(
            registry, store, new DiscoveryHandler(registry), new OpenApiHandler(registry), reader, new WatchHandler(store, converter, time, stopping.Token),
            writer, patcher, deleter, new ScaleHandler(writer, admission, time), pods, loggers.CreateLogger<ApiPipeline>());
        return new(store, lifecycle, webhooks, pipeline, stopping, time);
    }

    public Task StopWatchesAsync() => _stopping.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        await _bookmarks.DisposeAsync();
        await _lifecycle.DisposeAsync();
        _webhooks.Dispose();
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
