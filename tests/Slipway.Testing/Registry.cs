using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Testing;

/// <summary>An OCI registry on loopback: what the distribution specification asks of one to pull and push, and nothing that it leaves open.</summary>
public sealed class Registry : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (string Type, byte[] Bytes)> _manifests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, MemoryStream> _uploads = new(StringComparer.Ordinal);

    private Registry(WebApplication app) => _app = app;

    /// <summary>"localhost:PORT", as images are named by.</summary>
    public string Host => $"localhost:{new Uri(_app.Urls.First()).Port}";

    /// <summary>Whether it wants the token that it gives to everybody who asks.</summary>
    public bool WantsToken { get; set; }

    /// <summary>What it sends instead of a blob; null for the blob.</summary>
    public byte[]? Instead { get; set; }

    /// <summary>Starts one.</summary>
    public static async Task<Registry> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        var registry = new Registry(builder.Build());
        registry._app.Run(registry.AnswerAsync);
        await registry._app.StartAsync();
        return registry;
    }

    /// <summary>Puts a blob there.</summary>
    /// <returns>Its digest.</returns>
    public string AddBlob(byte[] bytes)
    {
        var digest = Digest(bytes);
        _blobs[digest] = bytes;
        return digest;
    }

    /// <summary>Puts a manifest there.</summary>
    /// <returns>Its digest.</returns>
    public string AddManifest(string repository, string? tag, string type, string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var digest = Digest(bytes);
        _manifests[$"{repository}/{digest}"] = (type, bytes);
        if (tag is not null) _manifests[$"{repository}/{tag}"] = (type, bytes);
        return digest;
    }

    /// <summary>A manifest that is there.</summary>
    public string Manifest(string repository, string reference) => Encoding.UTF8.GetString(_manifests[$"{repository}/{reference}"].Bytes);

    /// <summary>A blob that is there.</summary>
    public byte[] Blob(string digest) => _blobs[digest];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Digest(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    // /v2/NAME/manifests/REFERENCE, /v2/NAME/blobs/DIGEST, /v2/NAME/blobs/uploads/[ID]; names have slashes.
    private async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!.Trim('/').Split('/');
        var (what, kind) = (path[^1], path.Length > 2 ? path[^2] : "");
        if (path is ["token"])
        {
            await WriteAsync(http, Encoding.UTF8.GetBytes(http.Request.Query["scope"].ToString().StartsWith("repository:", StringComparison.Ordinal) ? """{"token":"for everybody"}""" : "{}"));
            return;
        }

        if (WantsToken && http.Request.Headers.Authorization != "Bearer for everybody")
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{Host}/token\",service=\"registry\",scope=\"repository:x:pull\"";
            return;
        }

        if (kind == "manifests") await ManifestAsync(http, string.Join('/', path[1..^2]), what);
        else if (kind == "blobs" && what.StartsWith("sha256:", StringComparison.Ordinal)) await BlobAsync(http, what);
        else if (kind is "uploads" or "blobs") await UploadAsync(http, kind == "blobs" ? "" : what);
        else http.Response.StatusCode = path is ["v2"] ? 200 : 404;
    }

    private async Task ManifestAsync(HttpContext http, string repository, string reference)
    {
        if (http.Request.Method == "PUT")
        {
            var bytes = await ReadAsync(http);
            var type = http.Request.ContentType!;
            _manifests[$"{repository}/{reference}"] = _manifests[$"{repository}/{Digest(bytes)}"] = (type, bytes);
            http.Response.Headers.Location = $"/v2/{repository}/manifests/{Digest(bytes)}";
            http.Response.StatusCode = 201;
            return;
        }

        if (!_manifests.TryGetValue($"{repository}/{reference}", out var found))
        {
            http.Response.StatusCode = 404;
            return;
        }

        http.Response.ContentType = found.Type;
        http.Response.Headers["Docker-Content-Digest"] = Digest(found.Bytes);
        await WriteAsync(http, found.Bytes);
    }

    private async Task BlobAsync(HttpContext http, string digest)
    {
        if (_blobs.TryGetValue(digest, out var bytes)) await WriteAsync(http, Instead ?? bytes);
        else http.Response.StatusCode = 404;
    }

    private async Task UploadAsync(HttpContext http, string id)
    {
        if (http.Request.Method == "POST") _uploads[id = Guid.NewGuid().ToString("n")] = new MemoryStream();
        var upload = _uploads[id];
        await http.Request.Body.CopyToAsync(upload);
        http.Response.StatusCode = 202;
        if (http.Request.Query["digest"] is [{ } digest])
        {
            http.Response.StatusCode = AddBlob(upload.ToArray()) == digest ? 201 : 400;
            _uploads.TryRemove(id, out _);
        }

        var prefix = http.Request.Path.Value!;
        http.Response.Headers.Location = $"{prefix[..(prefix.IndexOf("/uploads", StringComparison.Ordinal) + 8)]}/{id}";
        http.Response.Headers.Range = $"0-{Math.Max(0, upload.Length - 1)}";
    }

    private static async Task<byte[]> ReadAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static async Task WriteAsync(HttpContext http, byte[] bytes)
    {
        http.Response.ContentLength = bytes.Length;
        if (http.Request.Method != "HEAD") await http.Response.Body.WriteAsync(bytes);
    }
}
