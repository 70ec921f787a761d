using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web;

/// <summary>
/// Keeps other sites out of a page on loopback: a name that merely resolves to this machine (DNS rebinding) and a request that
/// another site's script sends are refused, and the page itself runs no script and no style but its own files.
/// </summary>
internal static class SameOrigin
{
    // The circuit is a WebSocket to the same origin, which 'self' covers (CSP Level 3, 6.7.2.8). Nothing is allowed inline.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var host = context.Request.Host.Host;
        var local = host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        var origin = context.Request.Headers.Origin.ToString();
        var foreign = origin.Length > 0 && origin != $"{context.Request.Scheme}://{context.Request.Host}";
        if (!local || foreign)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync("This page answers to its own address on this machine only.");
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        return next(context);
    }
}
