using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Pods;

/// <summary>Answers who asks for a pod's log: nothing runs here, so that there never is one.</summary>
internal static class LogHandler
{
    public static Task GetAsync(ApiRequest request)
    {
        var stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
        var spec = stored.Parse().Map("spec");
        List<string> names = [.. Names(spec, "initContainers"), .. Names(spec, "containers"), .. Names(spec, "ephemeralContainers")];
        if (request.Query("container") is { Length: > 0 } asked)
        {
            if (!names.Contains(asked)) throw Errors.BadRequest($"container {asked} is not valid for pod {request.Name}");
        }
        else if (Names(spec, "containers").Count() != 1)
        {
            throw Errors.BadRequest($"a container name must be specified for pod {request.Name}, choose one of: [{string.Join(' ', names)}]");
        }

        if (spec?.Text("nodeName") is { Length: > 0 } node)
            throw Errors.BadRequest($"the log of pod {request.Name} cannot be read: this server runs no containers and reaches no node, so also not \"{node}\"");
        // As upstream answers for a pod that has no node yet.
        request.Http.Response.StatusCode = 204;
        return Task.CompletedTask;
    }

    private static IEnumerable<string> Names(JsonMap? spec, string member) => (spec?.List(member)?.Maps() ?? []).Select(c => c.Text("name") ?? "");
}
