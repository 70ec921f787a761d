using System.Net;
using System.Text.Json;

namespace Slipway.Kubernetes.Connection;

/// <summary>The Kubernetes API refused a request.</summary>
public sealed class KubeApiException : Exception
{
    /// <summary>Initializes a new instance.</summary>
    /// <param name="code">The HTTP status.</param>
    /// <param name="reason">The Status object's reason, such as AlreadyExists.</param>
    /// <param name="message">The Status object's message.</param>
    public KubeApiException(HttpStatusCode code, string reason, string message)
        : base(message)
    {
        Code = code;
        Reason = reason;
    }

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Code { get; }

    /// <summary>The Status object's reason.</summary>
    public string Reason { get; }

    /// <summary>How long the API asks to be left alone before the next try, with 429 and 503; not said when absent.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the object was changed in between, so that reading it again and trying once more helps.</summary>
    public bool IsConflict => Code == HttpStatusCode.Conflict;

    /// <summary>Reads a refusal.</summary>
    /// <param name="code">The HTTP status.</param>
    /// <param name="body">The body: a Status object, or anything.</param>
    /// <param name="retryAfter">How long to wait, as its Retry-After says.</param>
    /// <returns>The exception to throw.</returns>
    public static KubeApiException From(HttpStatusCode code, ReadOnlyMemory<byte> body, TimeSpan? retryAfter = null)
    {
        try
        {
            using var status = JsonDocument.Parse(body);
            var message = status.RootElement.TryGetProperty("message", out var m) ? m.GetString() : null;
            var reason = status.RootElement.TryGetProperty("reason", out var r) ? r.GetString() : null;
            return new KubeApiException(code, reason ?? code.ToString(), message ?? $"The Kubernetes API answered {(int)code}.") { RetryAfter = retryAfter };
        }
        catch (JsonException)
        {
            return new KubeApiException(code, code.ToString(), $"The Kubernetes API answered {(int)code} without saying why.") { RetryAfter = retryAfter };
        }
    }
}
