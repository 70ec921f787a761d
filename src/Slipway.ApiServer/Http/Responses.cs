using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Http;

/// <summary>Writes answers.</summary>
internal static class Responses
{
    // Below this a compressed answer costs more time than it saves, upstream's own limit.
    private const int GzipFrom = 128 * 1024;

    public const string Json = "application/json";

    public static Task JsonAsync(HttpContext http, int code, JsonMap value, string contentType = Json) =>
        BytesAsync(http, code, JsonText.Bytes(value), contentType);

    public static Task ErrorAsync(HttpContext http, ApiException error)
    {
        if (error.Details?.At("retryAfterSeconds") is long seconds) http.Response.Headers.RetryAfter = JsonText.Of(seconds);
        return error.PlainText ? TextAsync(http, error.Code, error.Message) : JsonAsync(http, error.Code, error.ToStatus());
    }

    public static Task TextAsync(HttpContext http, int code, string text)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    public static async Task BytesAsync(HttpContext http, int code, ReadOnlyMemory<byte> bytes, string contentType = Json)
    {
        var response = http.Response;
        response.StatusCode = code;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache, private";
        if (bytes.Length >= GzipFrom && AcceptsGzip(http))
        {
            await using var zipped = Gzip(http);
            await zipped.WriteAsync(bytes, http.RequestAborted);
            return;
        }

        response.ContentLength = bytes.Length;
        await response.BodyWriter.WriteAsync(bytes, http.RequestAborted);
    }

    /// <summary>Writes an answer piece by piece, whose whole length is known.</summary>
    public static async Task StreamAsync(HttpContext http, long length, Func<PipeWriter, Task> write)
    {
        var response = http.Response;
        response.StatusCode = 200;
        response.ContentType = Json;
        response.Headers.CacheControl = "no-cache, private";
        if (length < GzipFrom || !AcceptsGzip(http))
        {
            response.ContentLength = length;
            await write(response.BodyWriter);
            return;
        }

        await using var zipped = Gzip(http);
        var output = PipeWriter.Create(zipped);
        await write(output);
        await output.CompleteAsync();
    }

    public static bool AcceptsGzip(HttpContext http) =>
        http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal);

    public static Stream Gzip(HttpContext http)
    {
        http.Response.Headers.ContentEncoding = "gzip";
        http.Response.Headers.Vary = "Accept-Encoding";
        return new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
    }
}
