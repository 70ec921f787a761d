using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Slipway.Gateway.Errors;

/// <summary>Errors in the shape of OpenAI's API, so that its clients understand them.</summary>
internal static class OpenAIError
{
    // People read these in terminals; the answer is JSON, never HTML, so that quotes need no escaping for a browser's sake.
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, int status, string type, string? code, string message, TimeSpan? retryAfter = null)
    {
        // The client may have been cut off in the middle of an answer: then there is nobody to tell.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        if (retryAfter is { } wait) context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter, s_readable);
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("message", message);
        writer.WriteString("type", type);
        writer.WriteNull("param");
        if (code is null) writer.WriteNull("code");
        else writer.WriteString("code", code);
        writer.WriteEndObject();
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }
}
