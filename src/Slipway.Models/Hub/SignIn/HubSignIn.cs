using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Slipway.Models.Store;

namespace Slipway.Models.Hub.SignIn;

/// <summary>What to show a user who signs in: where to go, and what to type there.</summary>
/// <param name="Address">The page.</param>
/// <param name="UserCode">What to type on it.</param>
/// <param name="Complete">The page with the code filled in; null when the hub gives none.</param>
/// <param name="ExpiresIn">How long the code holds.</param>
public sealed record DeviceCode(Uri Address, string UserCode, Uri? Complete, TimeSpan ExpiresIn)
{
    internal string Secret { get; init; } = "";

    internal TimeSpan Interval { get; init; }

    internal Uri TokenEndpoint { get; init; } = null!;

    /// <summary>All but the secret.</summary>
    public override string ToString() => $"{UserCode} at {Address}";
}

/// <summary>A token that the hub gave.</summary>
/// <param name="Token">The token.</param>
/// <param name="ExpiresIn">How long it holds; null when for ever, or the hub does not say.</param>
public sealed record HubGrant(string Token, TimeSpan? ExpiresIn)
{
    /// <summary>Never the token.</summary>
    public override string ToString() => "a token";
}

/// <summary>Who a token is.</summary>
/// <param name="Name">The user's or organisation's name.</param>
/// <param name="Role">What the token may, in the hub's word; null when it does not say.</param>
public sealed record HubIdentity(string Name, string? Role);

/// <summary>
/// Signs in to the hub on a device without a browser of its own: OAuth 2.0 Device Authorization Grant, RFC 8628, at the endpoints that the hub's
/// OpenID configuration names. Takes the client id of an OAuth app that the user made at the hub, since no secret can be kept in a program that anybody has.
/// </summary>
/// <param name="endpoint">The hub.</param>
/// <param name="http">Sends the requests; redirects must not be followed.</param>
/// <param name="time">The clock.</param>
public sealed class HubSignIn(Uri endpoint, HttpMessageInvoker http, TimeProvider time)
{
    /// <summary>What is asked for: who it is, and to read repositories that the user may read.</summary>
    public const string Scopes = "openid profile read-repos";

    private const long MaxAnswer = 1 << 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks the hub for a code.</summary>
    /// <param name="clientId">The OAuth app.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The code, or why there is none.</returns>
    public async Task<HubAnswer<DeviceCode>> BeginAsync(string clientId, CancellationToken cancellationToken)
    {
        var configured = await SendAsync(HttpMethod.Get, new Uri(endpoint, "/.well-known/openid-configuration"), null, null, cancellationToken);
        if (!configured.TryGet(out var configuration, out var error)) return error;
        if (Address(configuration.Body, "device_authorization_endpoint") is not { } device || Address(configuration.Body, "token_endpoint") is not { } token)
            return new ModelError(ModelErrorKind.HubUnavailable, $"The hub at {endpoint} does not let devices sign in. Make an access token at {new Uri(endpoint, "/settings/tokens")} and give it with: slipway hub login");
        var asked = await SendAsync(HttpMethod.Post, device, [new("client_id", clientId), new("scope", Scopes)], null, cancellationToken);
        if (!asked.TryGet(out var answer, out error)) return error;
        var body = answer.Body;
        if (answer.Status is not HttpStatusCode.OK || Text(body, "device_code") is not { } secret || Text(body, "user_code") is not { } code || Address(body, "verification_uri") is not { } page)
            return new ModelError(ModelErrorKind.GatedOrPrivate, $"The hub gave no code to sign in with: {Reason(body, answer.Status)}. See whether the client id is that of your OAuth app at {new Uri(endpoint, "/settings/connected-applications")}.");
        return new DeviceCode(page, code, Address(body, "verification_uri_complete"), TimeSpan.FromSeconds(Number(body, "expires_in") ?? 600))
        {
            Secret = secret,
            Interval = TimeSpan.FromSeconds(Math.Clamp(Number(body, "interval") ?? 5, 1, 60)),
            TokenEndpoint = token,
        };
    }

    /// <summary>Waits until the user has confirmed the code.</summary>
    /// <returns>The token, or why there is none: the user said no, or the code ran out.</returns>
    public async Task<HubAnswer<HubGrant>> WaitAsync(DeviceCode code, string clientId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(code);
        var until = time.GetUtcNow() + code.ExpiresIn;
        for (var interval = code.Interval; time.GetUtcNow() + interval < until;)
        {
            await Task.Delay(interval, time, cancellationToken);
            var asked = await SendAsync(
                HttpMethod.Post, code.TokenEndpoint,
                [new("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), new("device_code", code.Secret), new("client_id", clientId)], null, cancellationToken);
            // A line that breaks while somebody looks for their phone is no refusal.
            if (!asked.TryGet(out var answer, out _)) continue;
            if (answer.Status is HttpStatusCode.OK && Text(answer.Body, "access_token") is { } token)
                return new HubGrant(token, Number(answer.Body, "expires_in") is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            switch (Text(answer.Body, "error"))
            {
                case "authorization_pending":
                    break;
                case "slow_down":
                    // RFC 8628 §3.5: five seconds more, for good.
                    interval += TimeSpan.FromSeconds(5);
                    break;
                case "access_denied":
                    return new ModelError(ModelErrorKind.GatedOrPrivate, "The sign-in was refused on the hub's page.");
                case "expired_token":
                    return Expired();
                default:
                    return new ModelError(ModelErrorKind.GatedOrPrivate, $"The hub gave no token: {Reason(answer.Body, answer.Status)}.");
            }
        }

        return Expired();
    }

    /// <summary>Asks the hub who a token is (<c>GET /api/whoami-v2</c>).</summary>
    public async Task<HubAnswer<HubIdentity>> WhoAsync(string token, CancellationToken cancellationToken)
    {
        var asked = await SendAsync(HttpMethod.Get, new Uri(endpoint, "/api/whoami-v2"), null, token, cancellationToken);
        if (!asked.TryGet(out var answer, out var error)) return error;
        if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            return new ModelError(ModelErrorKind.GatedOrPrivate, $"The hub does not know this token. Make one that may read at {new Uri(endpoint, "/settings/tokens")}.");
        if (answer.Status is not HttpStatusCode.OK || Text(answer.Body, "name") is not { } name)
            return new ModelError(ModelErrorKind.HubUnavailable, $"The hub did not say who the token is: {Reason(answer.Body, answer.Status)}.");
        var role = answer.Body.TryGetProperty("auth", out var auth) && auth.ValueKind is JsonValueKind.Object && auth.TryGetProperty("accessToken", out var access) && access.ValueKind is JsonValueKind.Object
            ? Text(access, "role") : null;
        return new HubIdentity(name, role);
    }

    private static ModelError Expired() => new(ModelErrorKind.GatedOrPrivate, "The code ran out before it was confirmed. Sign in again, which gives a new one.");

    private async Task<HubAnswer<Reply>> SendAsync(HttpMethod method, Uri address, KeyValuePair<string, string>[]? form, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (form is not null) request.Content = new FormUrlEncodedContent(form);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            await response.Content.LoadIntoBufferAsync(MaxAnswer, either.Token);
            return new Reply(response.StatusCode, Json(await response.Content.ReadAsByteArrayAsync(either.Token)));
        }
        catch (HttpRequestException unreachable)
        {
            return new ModelError(ModelErrorKind.HubUnavailable, $"The hub at {endpoint} does not answer: {unreachable.Message}. Check the network, or set HF_ENDPOINT to a mirror.", Retryable: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ModelError(ModelErrorKind.HubUnavailable, $"The hub at {endpoint} did not answer in {s_patience.TotalSeconds:0} s.", Retryable: true);
        }
    }

    private static JsonElement Json(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }

    // A server of whatever kind may be behind the address: only what is an address of its own host, or safe, is followed.
    private Uri? Address(JsonElement body, string name) =>
        Text(body, name) is { } text && Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == endpoint.Scheme && address.Host == endpoint.Host)) ? address : null;

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 and < 8192 } text && !text.Any(char.IsControl) ? text : null;

    private static double? Number(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number) && number is > 0 and < 1e9 ? number : null;

    private static string Reason(JsonElement body, HttpStatusCode status) => Text(body, "error_description") ?? Text(body, "error") ?? $"status {(int)status}";

    private sealed record Reply(HttpStatusCode Status, JsonElement Body);
}
