using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Discovery;

/// <summary>Serves /openapi/v3 by group and version, and /openapi/v2 for clients that know no other.</summary>
internal sealed class OpenApiHandler(ResourceRegistry registry)
{
    private readonly ConcurrentDictionary<(long Generation, string Path), byte[]> _documents = new();

    public async Task<bool> TryHandleAsync(HttpContext http, string path)
    {
        var snapshot = registry.Current;
        if (path == "/openapi/v2")
        {
            var accept = http.Request.Headers.Accept.ToString();
            // Clients that take only protobuf fall back to their own types when they are told so.
            if (accept.Length > 0 && !accept.Contains("json", StringComparison.Ordinal) && !accept.Contains("*/*", StringComparison.Ordinal))
                throw Errors.NotAcceptable("application/json");
            await Responses.BytesAsync(http, 200, Document(snapshot, "v2", () => OpenApiDocument.V2(snapshot)));
            return true;
        }

        if (path == "/openapi/v3")
        {
            await Responses.JsonAsync(http, 200, Index(snapshot));
            return true;
        }

        if (!path.StartsWith("/openapi/v3/", StringComparison.Ordinal)) return false;
        var parts = path["/openapi/v3/".Length..].Split('/');
        var (group, version) = parts switch
        {
            ["api", var v] => ("", v),
            ["apis", var g, var v] => (g, v),
            _ => throw Errors.PathNotFound(),
        };
        if (!ReviewResources.Has(group, version) && !snapshot.Types.Any(t => t.Group == group && t.Version(version) is not null)) throw Errors.PathNotFound();
        await Responses.BytesAsync(http, 200, Document(snapshot, path, () => OpenApiDocument.V3(snapshot, group, version)));
        return true;
    }

    private byte[] Document(RegistrySnapshot snapshot, string path, Func<JsonMap> make)
    {
        if (_documents.TryGetValue((snapshot.Generation, path), out var known)) return known;
        foreach (var old in _documents.Keys.Where(k => k.Generation != snapshot.Generation)) _documents.TryRemove(old, out _);
        return _documents[(snapshot.Generation, path)] = JsonText.Bytes(make());
    }

    private static JsonMap Index(RegistrySnapshot snapshot)
    {
        var paths = new JsonMap();
        foreach (var (group, versions) in snapshot.Groups().Concat(ReviewResources.Groups))
        {
            foreach (var version in versions)
            {
                var path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
                paths[path] = new JsonMap
                {
                    ["serverRelativeURL"] = string.Create(CultureInfo.InvariantCulture, $"/openapi/v3/{path}?hash={snapshot.Generation}"),
                };
            }
        }

        return new() { ["paths"] = paths };
    }
}
