using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Slipway.ApiServer.Authorization;
using Slipway.ApiServer.Discovery;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Metrics;
using Slipway.ApiServer.Pods;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Http;

/// <summary>One request from its path to its answer. Whatever goes wrong, the answer is a Status.</summary>
internal sealed partial class ApiPipeline(
    Entrance entrance, ResourceRegistry registry, ObjectStore store, DiscoveryHandler discovery, OpenApiHandler openApi, ReadHandler reader,
    WatchHandler watcher, WriteHandler writer, PatchHandler patcher, DeleteHandler deleter, ScaleHandler scaler, PodHandler pods, ServerMetrics metrics, ILogger<ApiPipeline> log)
{
    private readonly ILogger _log = log;

    public Task HandleAsync(HttpContext http) => metrics.ObserveAsync(http, AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            http.Response.Headers["Audit-Id"] = http.TraceIdentifier;
            await RouteAsync(http);
        }
        catch (ApiException e) when (!http.Response.HasStarted)
        {
            await Responses.ErrorAsync(http, e);
        }
        catch (BadHttpRequestException e) when (!http.Response.HasStarted)
        {
            await Responses.ErrorAsync(http, e.StatusCode == 413 ? Errors.TooLarge(BodyReader.Limit) : Errors.BadRequest(e.Message));
        }
        catch (Exception e) when (http.RequestAborted.IsCancellationRequested || e is OperationCanceledException)
        {
            // The client went away; there is nobody to answer.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(http.Request.Method, http.Request.Path, e);
            if (!http.Response.HasStarted) await Responses.ErrorAsync(http, Errors.Internal("the server met a fault of its own; its log tells more"));
        }
    }

    private async Task RouteAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "/";
        var target = RequestTarget.Parse(path);
        var user = await entrance.AdmitAsync(http, path, target);
        if (target is not null)
        {
            if (await entrance.Reviews.TryHandleAsync(http, target, user)) return;
            var resolved = target.Resolve(registry.Current)
                ?? throw (registry.Current.Types.Any(t => !t.Custom && t.Group == target.Group) ? Errors.PathNotFound() : Errors.PageNotFound());
            await DispatchAsync(new ApiRequest(http, user, target, resolved.Type, resolved.Version, store.Bucket(resolved.Type.BucketName)));
            return;
        }

        if (path is "/healthz" or "/livez" or "/readyz" || path.StartsWith("/readyz/", StringComparison.Ordinal) || path.StartsWith("/livez/", StringComparison.Ordinal))
        {
            await Responses.TextAsync(http, 200, "ok");
            return;
        }

        if (path is "/version" or "/version/")
        {
            await Responses.JsonAsync(http, 200, ServerVersion.ToJson());
            return;
        }

        if (path == "/metrics")
        {
            await metrics.WriteAsync(http);
            return;
        }

        if (path == "/")
        {
            await Responses.JsonAsync(http, 200, new JsonMap { ["paths"] = JsonList.Of(["/.well-known/openid-configuration", "/api", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/openid/v1/jwks", "/readyz", "/version"]) });
            return;
        }

        if (await entrance.Documents.TryHandleAsync(http, path)) return;
        if (await discovery.TryHandleAsync(http, path) || await openApi.TryHandleAsync(http, path)) return;
        throw Errors.PageNotFound();
    }

    private Task DispatchAsync(ApiRequest request)
    {
        metrics.Note(request);
        var target = request.Target;
        var method = request.Http.Request.Method;
        if (request.Version.DeprecationWarning is { } warning) request.Warn(warning);
        if (target.Namespace is not null && !request.Type.Namespaced) throw Errors.PathNotFound();
        if (target.Name is not null && target.Namespace is null && request.Type.Namespaced) throw Errors.PathNotFound();
        if (target.Subresource is { } part) return Subresource(request, part, method);
        if (target.Name is null)
        {
            return method switch
            {
                "GET" when request.Flag("watch") => watcher.WatchAsync(request),
                "GET" => reader.ListAsync(request),
                "POST" when !request.Type.Namespaced || target.Namespace is not null => writer.CreateAsync(request),
                "DELETE" when !request.Type.Namespaced || target.Namespace is not null => deleter.DeleteCollectionAsync(request),
                _ => throw Errors.MethodNotAllowed(),
            };
        }

        return method switch
        {
            "GET" when request.Flag("watch") => watcher.WatchAsync(request),
            "GET" => reader.GetAsync(request),
            "PUT" => writer.UpdateAsync(request),
            "PATCH" => ObjectPatchAsync(request),
            "DELETE" => deleter.DeleteAsync(request),
            _ => throw Errors.MethodNotAllowed(),
        };
    }

    private Task ObjectPatchAsync(ApiRequest request)
    {
        entrance.DemandCreate(request);
        return patcher.PatchAsync(request);
    }

    private Task Subresource(ApiRequest request, string part, string method) => part switch
    {
        "status" when request.Version.HasStatus => method switch
        {
            "GET" => reader.GetAsync(request),
            "PUT" => writer.UpdateAsync(request),
            "PATCH" => patcher.PatchAsync(request),
            _ => throw Errors.MethodNotAllowed(),
        },
        "scale" when request.Version.Scale is not null => scaler.HandleAsync(request),
        "finalize" when request.Type is { Group: "", Plural: "namespaces" } && method == "PUT" => writer.UpdateAsync(request),
        _ when PodParts.Has(request.Type, part) => pods.HandleAsync(request, part, method),
        _ => throw Errors.PathNotFound(),
    };

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailed(string method, string path, Exception exception);
}
