using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Slipway.Web.Access.Oidc;

/// <summary>An OpenID provider, as a client of it sees it (OpenID Connect Core 1.0, sections 3.1 and 12).</summary>
internal sealed class OidcProvider : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(1);

    private readonly OidcOptions _options;
    private readonly HttpClient _http;
    private readonly TimeProvider _time;
    private readonly OidcDiscovery _discovery;

    public OidcProvider(OidcOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        if (options.Authorities.Count > 0)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(options.Authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        _http = new HttpClient(handler) { Timeout = s_patience };
        _discovery = new OidcDiscovery(options, _http, time);
    }

    /// <summary>What people know it by.</summary>
    public string Name => new Uri(_options.Issuer).Host;

    /// <summary>The page's name at it.</summary>
    public string ClientId => _options.ClientId;

    /// <summary>Its issuer.</summary>
    public string Issuer => _options.Issuer;

    /// <summary>Where a browser goes to sign out of it as well; null when that is not known, or it has no such place.</summary>
    /// <param name="back">Where it shall lead back to.</param>
    public string? FarewellAddress(string back)
    {
        if (_discovery.Known?.EndSessionEndpoint is not { Length: > 0 } end || !OidcOptions.IsSafe(end)) return null;
        // Without id_token_hint, which would bring the token into the browser: a provider asks whether one means it, by the client's name.
        return new OpenIdConnectMessage { IssuerAddress = end, ClientId = ClientId, PostLogoutRedirectUri = back, EnableTelemetryParameters = false }.CreateLogoutRequestUrl();
    }

    /// <summary>Where a browser goes to sign in.</summary>
    /// <exception cref="OidcException">The provider does not say.</exception>
    public async Task<string> WelcomeAddressAsync(OidcTry attempt, CancellationToken cancellationToken)
    {
        var configuration = await _discovery.ReadAsync(cancellationToken);
        var message = new OpenIdConnectMessage
        {
            IssuerAddress = configuration.AuthorizationEndpoint,
            ClientId = ClientId,
            RedirectUri = attempt.RedirectUri,
            ResponseType = OpenIdConnectResponseType.Code,
            Scope = string.Join(' ', _options.Scopes),
            State = attempt.State,
            Nonce = attempt.Nonce,
            EnableTelemetryParameters = false,
        };
        message.SetParameter("code_challenge", attempt.Challenge);
        message.SetParameter("code_challenge_method", "S256");
        // Who asks for tokens that outlive the sign-in has to have the person say so (OpenID Connect Core 1.0, section 11).
        if (_options.Scopes.Contains(OpenIdConnectScope.OfflineAccess)) message.Prompt = OpenIdConnectPrompt.Consent;
        return message.CreateAuthenticationRequestUrl();
    }

    /// <summary>Changes the code that a browser came back with for tokens.</summary>
    /// <exception cref="OidcException">There are none.</exception>
    public async Task<OidcTokens> RedeemAsync(string code, OidcTry attempt, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            new OpenIdConnectMessage { GrantType = OpenIdConnectGrantTypes.AuthorizationCode, Code = code, RedirectUri = attempt.RedirectUri }, ("code_verifier", attempt.Verifier), cancellationToken);
        var token = await CheckAsync(answer.IdToken, cancellationToken);
        if (!token.TryGetPayloadValue<string>("nonce", out var nonce) || nonce != attempt.Nonce) throw Untrue("it is for another sign-in (nonce)");
        return new OidcTokens(answer.IdToken, token.Subject, Text(answer.RefreshToken));
    }

    /// <summary>Asks for a new token before the old one ends.</summary>
    /// <exception cref="OidcException">There is none; <see cref="OidcException.Refused"/> when there will be none either.</exception>
    public async Task<OidcTokens> RenewAsync(OidcTokens old, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(new OpenIdConnectMessage { GrantType = OpenIdConnectGrantTypes.RefreshToken, RefreshToken = old.Refresh }, null, cancellationToken);
        if (Text(answer.IdToken) is null) throw new OidcException($"{Name} renews no id_token: the session ends with the one there is.");
        var token = await CheckAsync(answer.IdToken, cancellationToken);
        // Section 12.2: the same person, whatever else is new.
        if (token.Subject != old.Subject) throw Untrue("it is another person's");
        return new OidcTokens(answer.IdToken, token.Subject, Text(answer.RefreshToken) ?? old.Refresh);
    }

    public void Dispose() => _http.Dispose();

    private async Task<OpenIdConnectMessage> AskAsync(OpenIdConnectMessage question, (string Name, string Value)? more, CancellationToken cancellationToken)
    {
        var configuration = await _discovery.ReadAsync(cancellationToken);
        question.EnableTelemetryParameters = false;
        question.ClientId = ClientId;
        if (more is var (name, value)) question.SetParameter(name, value);
        using var request = new HttpRequestMessage(HttpMethod.Post, configuration.TokenEndpoint);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            if (_options.Secret is { } secret) Identify(request, question, secret().Trim(), configuration.TokenEndpointAuthMethodsSupported);
            request.Content = new FormUrlEncodedContent(question.Parameters);
            using var response = await _http.SendAsync(request, cancellationToken);
            var answer = new OpenIdConnectMessage(await response.Content.ReadAsStringAsync(cancellationToken));
            if (response.IsSuccessStatusCode && answer.Error is null) return answer;
            var refused = (int)response.StatusCode is >= 400 and < 500 and not 408 and not 429;
            throw new OidcException($"{Name} gave no token ({(int)response.StatusCode}): {Words(answer.Error, answer.ErrorDescription)}. Sign in again; if it says so once more, ask whoever runs this page.") { Refused = refused && answer.Error is "invalid_grant" };
        }
        catch (Exception unasked) when (unasked is HttpRequestException or IOException or UnauthorizedAccessException or ArgumentException or System.Text.Json.JsonException || (unasked is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OidcException($"{Name} could not be asked for a token: {unasked.Message.TrimEnd('.')}. Try again in a moment.");
        }
    }

    // RFC 6749, section 2.3.1: as a header, which every provider has to take, unless it says that it takes the body alone.
    private void Identify(HttpRequestMessage request, OpenIdConnectMessage question, string secret, ICollection<string> taken)
    {
        if (taken.Count > 0 && !taken.Contains("client_secret_basic") && taken.Contains("client_secret_post"))
        {
            question.ClientSecret = secret;
            return;
        }

        question.Parameters.Remove("client_id");
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Encoded(ClientId)}:{Encoded(secret)}")));
    }

    // Whose it is, the API says. That it is this provider's answer to this page is looked at here (OpenID Connect Core 1.0, section 3.1.3.7).
    private async Task<JsonWebToken> CheckAsync(string? idToken, CancellationToken cancellationToken)
    {
        if (Text(idToken) is null) throw Untrue("there is none: the scopes have to contain openid");
        var configuration = await _discovery.ReadAsync(cancellationToken);
        var result = await ValidateAsync(idToken!, configuration);
        // Its keys may be newer than what is known of it.
        if (result is { IsValid: false, SecurityToken: JsonWebToken { Kid: var id } } && configuration.SigningKeys.All(k => k.KeyId != id)) result = await ValidateAsync(idToken!, await _discovery.ReadAnewAsync(cancellationToken));
        if (!result.IsValid) throw Untrue(Reason(result.Exception));
        var token = (JsonWebToken)result.SecurityToken;
        if (token.TryGetPayloadValue<string>("azp", out var party) && party != ClientId) throw Untrue("it was given to another client (azp)");
        return token.Subject is { Length: > 0 } ? token : throw Untrue("it is nobody's (sub)");
    }

    private Task<TokenValidationResult> ValidateAsync(string idToken, OpenIdConnectConfiguration configuration) => new JsonWebTokenHandler().ValidateTokenAsync(idToken, new TokenValidationParameters
    {
        ValidIssuer = Issuer,
        ValidAudience = ClientId,
        IssuerSigningKeys = configuration.SigningKeys,
        ValidAlgorithms = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"],
        LifetimeValidator = (from, until, _, _) => _time.GetUtcNow().UtcDateTime is var now && until is { } end && now < end + s_skew && (from is null || from < now + s_skew),
    });

    private static string Reason(Exception fault) => fault switch
    {
        SecurityTokenInvalidAudienceException => "it is for another client (aud)",
        SecurityTokenInvalidIssuerException => "it is of another issuer (iss)",
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException => "its time is over, or has not come (exp, nbf)",
        SecurityTokenSignatureKeyNotFoundException => "it is signed with a key that is none of the provider's",
        SecurityTokenInvalidAlgorithmException => "it is signed in a way that proves nothing (alg)",
        SecurityTokenInvalidSignatureException => "its signature is wrong",
        _ => "it cannot be read",
    };

    private OidcException Untrue(string why) => new($"The id_token that came from {Name} is not taken: {why}. Sign in again; if it says so once more, ask whoever runs this page.") { Refused = true };

    /// <summary>A provider's own words for an error, short enough to show.</summary>
    public static string Words(string? error, string? description)
    {
        var text = string.Join(": ", new[] { error, description }.Where(static t => !string.IsNullOrWhiteSpace(t)));
        text = new string([.. text.Select(static c => char.IsControl(c) ? ' ' : c)]);
        return text.Length == 0 ? "it says nothing more" : (text.Length > 300 ? text[..300] + " ..." : text).TrimEnd('.');
    }

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static string Encoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
