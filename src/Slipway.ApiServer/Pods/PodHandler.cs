using Slipway.ApiServer.Http;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Pods;

/// <summary>Leads a request for a subresource of pods to where it is done.</summary>
internal sealed class PodHandler(BindingHandler binder, EvictionHandler evictor, ReadHandler reader, WriteHandler writer, PatchHandler patcher)
{
    public Task HandleAsync(ApiRequest request, string part, string method) => (part, method) switch
    {
        ("binding", "POST") => binder.CreateAsync(request),
        ("eviction", "POST") => evictor.CreateAsync(request),
        ("log", "GET") => LogHandler.GetAsync(request),
        ("ephemeralcontainers", "GET") => reader.GetAsync(request),
        ("ephemeralcontainers", "PUT") => writer.UpdateAsync(request),
        ("ephemeralcontainers", "PATCH") => patcher.PatchAsync(request),
        _ => throw Errors.MethodNotAllowed(),
    };
}
