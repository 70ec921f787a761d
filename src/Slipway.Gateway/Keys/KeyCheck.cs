using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Errors;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Keys;

/// <summary>Decides who may ask a model, by the key that the request brings.</summary>
/// <param name="own">The key of this Slipway itself, which opens everything: its page and its rollouts ask by it. Null for none.</param>
/// <param name="time">The clock.</param>
public sealed class KeyCheck(string? own, TimeProvider time)
{
    private readonly byte[]? _own = own is null ? null : Encoding.UTF8.GetBytes(own);
    private Keyring _ring = Keyring.Empty;

    /// <summary>The keys as they stand.</summary>
    public Keyring Current => Volatile.Read(ref _ring);

    /// <summary>Puts other keys in place.</summary>
    /// <param name="next">The keys.</param>
    public void Publish(Keyring next) => Volatile.Write(ref _ring, next);

    /// <summary>Whether a model may be seen in lists.</summary>
    internal bool Shows(HttpContext context, Route route)
    {
        var ring = Current;
        return !ring.Guarded.Contains(route.Namespace) || IsOwn(Given(context)) || (Find(ring, Given(context)) is { } key && Problem(key, route) is null);
    }

    /// <summary>Lets a request in, or refuses it.</summary>
    /// <param name="context">The request. A key of ours is taken off it: engines have no business with it.</param>
    /// <param name="route">Where it goes.</param>
    /// <returns>The key that it is charged to, which has to be left again; or why it is not let in; or neither, where no key takes part.</returns>
    internal (Key? Key, KeyRefusal? Refusal) Enter(HttpContext context, Route route)
    {
        var (ring, given) = (Current, Given(context));
        // Most gateways of one machine have neither keys nor namespaces that take one.
        if (given is null) return (null, ring.Guarded.Contains(route.Namespace) ? Missing(route) : null);
        if (IsOwn(given))
        {
            context.Request.Headers.Remove("Authorization");
            return (null, null);
        }

        var key = Find(ring, given);
        var ours = given.StartsWith(KeyText.Prefix, StringComparison.Ordinal);
        if (key is null && !ours && !ring.Guarded.Contains(route.Namespace)) return (null, null);
        context.Request.Headers.Remove("Authorization");
        if (key is null) return (null, Unknown(route, ours));
        if (Problem(key, route) is { } problem) return (null, problem);
        if (key.Meter.Enter() is { } over)
            return (null, new KeyRefusal(StatusCodes.Status429TooManyRequests, "rate_limit_error", "rate_limit_exceeded", $"The key \"{key.Name}\" is good for {over.What}. Wait {Seconds(over.Wait)}, or ask for more: its limits are those of ApiKey {key.Namespace}/{key.Name}.", over.Wait));
        Tell(context, key);
        return (key, null);
    }

    /// <summary>Refuses.</summary>
    internal static Task RefuseAsync(HttpContext context, KeyRefusal refusal)
    {
        // RFC 6750 §3.
        if (refusal.Status == StatusCodes.Status401Unauthorized) context.Response.OnStarting(() =>
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return Task.CompletedTask;
        });
        return OpenAIError.WriteAsync(context, refusal.Status, refusal.Type, refusal.Code, refusal.Message, refusal.RetryAfter);
    }

    private KeyRefusal? Problem(Key key, Route route)
    {
        if (key.Spec.Disabled == true) return Denied($"The key \"{key.Name}\" is switched off.");
        if (key.Spec.Expires is { } end && end <= time.GetUtcNow()) return Denied($"The key \"{key.Name}\" ended on {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC.");
        if (key.Namespace != route.Namespace || (key.Spec.Models is { Count: > 0 } models && !models.Contains(route.Model, StringComparer.Ordinal)))
            return new(StatusCodes.Status403Forbidden, "permission_error", "model_not_allowed", $"The key \"{key.Name}\" does not open the model \"{route.Model}\".", null);
        return null;
    }

    private static KeyRefusal Missing(Route route) =>
        Denied($"\"{route.Model}\" takes an API key, in the header \"Authorization: Bearer {KeyText.Prefix}...\". Whoever runs this Slipway makes one with: slipway keys create NAME -n {route.Namespace}");

    private static KeyRefusal Unknown(Route route, bool ours) => ours
        ? Denied($"The API key is none that is known here: it was deleted, or is not whole. Make another with: slipway keys create NAME -n {route.Namespace}") : Missing(route);

    private static KeyRefusal Denied(string message) => new(StatusCodes.Status401Unauthorized, "invalid_request_error", "invalid_api_key", message, null);

    private static string? Given(HttpContext context) => KeyText.Of(context.Request.Headers.Authorization);

    private bool IsOwn(string? given) => _own is not null && given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _own);

    private static Key? Find(Keyring ring, string? given) => given is null || ring.Keys.Count == 0 ? null : ring.Keys.GetValueOrDefault(KeyText.Digest(given));

    // The names that OpenAI's API has for them.
    private static void Tell(HttpContext context, Key key)
    {
        var left = key.Meter.Left();
        var headers = context.Response.Headers;
        if (left.RequestLimit is { } requests) (headers["x-ratelimit-limit-requests"], headers["x-ratelimit-remaining-requests"]) = (Text(requests), Text(left.RequestsLeft));
        if (left.TokenLimit is { } tokens) (headers["x-ratelimit-limit-tokens"], headers["x-ratelimit-remaining-tokens"]) = (Text(tokens), Text(left.TokensLeft));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan wait) => $"{Math.Max(1, Math.Ceiling(wait.TotalSeconds))} s";
}

/// <summary>Why a request is not let in.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Type">The error's type, as OpenAI's API has it.</param>
/// <param name="Code">The error's code.</param>
/// <param name="Message">In words, with what to do.</param>
/// <param name="RetryAfter">When another try is worth it; null when none is.</param>
internal sealed record KeyRefusal(int Status, string Type, string Code, string Message, TimeSpan? RetryAfter);
