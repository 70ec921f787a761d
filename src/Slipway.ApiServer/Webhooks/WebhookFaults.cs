using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Webhooks;

/// <summary>Failures in the words that users of Kubernetes search for.</summary>
internal static class WebhookFaults
{
    private const int MaxShown = 2048;

    /// <summary>Says why a call came to nothing.</summary>
    public static string Of(Exception failure, Uri address)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case UnresolvedServiceException:
                    return e.Message;
                case AuthenticationException:
                    return e.Message.StartsWith("tls:", StringComparison.Ordinal) ? e.Message : "tls: " + e.Message;
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"dial tcp {address.Host}:{address.Port}: connect: connection refused";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return $"dial tcp: lookup {address.Host}: no such host";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return "read: connection reset by peer";
                case SocketException socket:
                    return $"dial tcp {address.Host}:{address.Port}: {socket.Message}";
                case HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }:
                    return "EOF";
            }
        }

        return failure.Message;
    }

    /// <summary>Says what an answer other than success means; a Status speaks for itself.</summary>
    public static string Of(HttpStatusCode code, byte[] body)
    {
        if (StatusMessage(body) is { Length: > 0 } said) return said;
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, MaxShown))).Trim();
        return code switch
        {
            HttpStatusCode.BadRequest => "the server rejected our request for an unknown reason",
            HttpStatusCode.Unauthorized => "the server has asked for the client to provide credentials",
            HttpStatusCode.Forbidden => text.Length > 0 ? text : "forbidden",
            HttpStatusCode.NotFound => "the server could not find the requested resource",
            HttpStatusCode.MethodNotAllowed => "the server does not allow this method on the requested resource",
            HttpStatusCode.Conflict => "the server reported a conflict",
            HttpStatusCode.RequestEntityTooLarge => "the server has rejected the request because it is too large: " + text,
            HttpStatusCode.TooManyRequests => "the server has received too many requests and has asked us to try again later",
            HttpStatusCode.ServiceUnavailable => "the server is currently unable to handle the request",
            HttpStatusCode.GatewayTimeout => "the server was unable to return a response in the time allotted, but may still be processing the request",
            >= HttpStatusCode.InternalServerError => $"an error on the server ({JsonText.Of(text.Length > 0 ? text : "unknown")}) has prevented the request from succeeding",
            _ => string.Create(CultureInfo.InvariantCulture, $"the server responded with the status code {(int)code} but did not return more information"),
        };
    }

    private static string? StatusMessage(byte[] body)
    {
        try
        {
            return JsonParser.Parse(body) is JsonMap map && map.Text("kind") == "Status" ? map.Text("message") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
