using System.Net;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web;

/// <summary>
/// Keeps other sites out: a name that merely resolves to this machine (DNS rebinding) and a request that another site's script
/// sends are refused, and the page itself runs no script and no style but its own files.
/// </summary>
/// <param name="hosts">The names that the page has besides those of loopback.</param>
internal sealed class SameOrigin(IReadOnlyList<string> hosts)
{
    // The circuit is a WebSocket to the same origin, which 'self' covers (CSP Level 3, 6.7.2.8). Nothing is allowed inline.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var host = request.Host.Host.Trim('[', ']');
        var named = hosts.Contains(host, StringComparer.OrdinalIgnoreCase);
        var local = string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        // By such a name the page is reached over TLS only: its own, or that of a proxy on this machine.
        if (named && !local) request.Scheme = "https";
        var origin = request.Headers.Origin.ToString();
        var foreign = origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}";
        if ((!local && !named) || foreign)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return context.Response.WriteAsync(hosts.Count == 0 ? "This page answers to its own address on this machine only." : "This page answers to its own addresses only. `slipway up --web-host NAME` gives it one more.");
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // With "no-referrer" browsers send the origin "null" with forms, which is anybody's (Fetch, "append a request Origin header").
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }
}
