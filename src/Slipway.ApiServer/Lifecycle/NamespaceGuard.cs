using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>Lets nothing be created in a namespace that is missing or being deleted.</summary>
internal sealed class NamespaceGuard(ObjectStore store)
{
    public const string Bucket = "/namespaces";

    private readonly Bucket _namespaces = store.Bucket(Bucket);

    public void EnsureOpen(ApiRequest request, string name)
    {
        if (!request.Type.Namespaced) return;
        var found = request.Namespace is { } ns ? _namespaces.Find("/" + ns) : null;
        if (found is null)
            throw new ApiException(404, "NotFound", $"namespaces \"{request.Namespace}\" not found", new JsonMap { ["name"] = request.Namespace, ["kind"] = "namespaces" });
        if (!found.Metadata.Deleting) return;
        throw Errors.Forbidden(request.Type, name, $"unable to create new content in namespace {request.Namespace} because it is being terminated",
        [
            new JsonMap
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {request.Namespace} is being terminated",
                ["field"] = "metadata.namespace",
            },
        ]);
    }
}
