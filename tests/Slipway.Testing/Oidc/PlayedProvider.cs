using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Slipway.Testing.Oidc;

/// <summary>An OpenID provider on loopback that lets everybody in as one person, with faults to order. It signs by itself: what checks its tokens shares no code with it.</summary>
public sealed class PlayedProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (string Challenge, string Redirect, string Nonce)> _codes = new(StringComparer.Ordinal);
    private int _number;
    private string _refresh = "";

    private PlayedProvider(WebApplication app, TimeProvider time) => (_app, _time) = (app, time);

    /// <summary>Its issuer.</summary>
    public string Issuer { get; private set; } = "";

    /// <summary>What signs.</summary>
    public PlayedKey Key { get; set; } = PlayedKey.Rsa("first");

    /// <summary>The keys that it tells of; the one that signs when null.</summary>
    public IReadOnlyList<PlayedKey>? Told { get; set; }

    /// <summary>Whom it lets in.</summary>
    public JsonObject Claims { get; set; } = new() { ["sub"] = "alice" };

    /// <summary>The client that it knows.</summary>
    public string Client { get; set; } = "slipway";

    /// <summary>The client's secret; none for a public one.</summary>
    public string? Secret { get; set; }

    /// <summary>The ways of a client to say who it is that it names.</summary>
    public IReadOnlyList<string> Methods { get; set; } = ["client_secret_basic", "client_secret_post", "none"];

    /// <summary>How long a token lasts.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether everything is answered with 503.</summary>
    public bool Down { get; set; }

    /// <summary>The error that the token endpoint answers with; none when null.</summary>
    public string? Refusal { get; set; }

    /// <summary>Changes the claims of a token that is made.</summary>
    public Action<JsonObject> Spoil { get; set; } = static _ => { };

    /// <summary>How often its keys were read.</summary>
    public int KeysRead { get; private set; }

    /// <summary>The tokens that it gave.</summary>
    public ConcurrentQueue<string> Given { get; } = [];

    /// <summary>Starts one.</summary>
    /// <param name="time">Its clock.</param>
    public static async Task<PlayedProvider> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var provider = new PlayedProvider(builder.Build(), time);
        provider._app.Run(provider.AnswerAsync);
        await provider._app.StartAsync();
        provider.Issuer = provider._app.Urls.Single();
        return provider;
    }

    /// <summary>Makes a token as it would give one.</summary>
    /// <param name="nonce">Of which sign-in; of none when null.</param>
    public string Token(string? nonce = null)
    {
        var now = _time.GetUtcNow();
        var claims = Claims.DeepClone().AsObject();
        (claims["iss"], claims["aud"], claims["iat"], claims["exp"], claims["jti"]) = (Issuer, Client, now.ToUnixTimeSeconds(), (now + Life).ToUnixTimeSeconds(), $"t{Interlocked.Increment(ref _number)}");
        if (nonce is not null) claims["nonce"] = nonce;
        Spoil(claims);
        return Key.Sign(claims);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        if (Down)
        {
            http.Response.StatusCode = 503;
            return;
        }

        switch (http.Request.Path.Value)
        {
            case "/.well-known/openid-configuration":
                await JsonAsync(http, 200, new JsonObject
                {
                    ["issuer"] = Issuer,
                    ["authorization_endpoint"] = Issuer + "/authorize",
                    ["token_endpoint"] = Issuer + "/token",
                    ["jwks_uri"] = Issuer + "/jwks",
                    ["end_session_endpoint"] = Issuer + "/end",
                    ["token_endpoint_auth_methods_supported"] = new JsonArray([.. Methods.Select(static m => (JsonNode)m)]),
                });
                return;
            case "/jwks":
                KeysRead++;
                await JsonAsync(http, 200, new JsonObject { ["keys"] = new JsonArray([.. (Told ?? [Key]).Select(static k => k.ToJson())]) });
                return;
            case "/authorize":
                Authorize(http);
                return;
            case "/token":
                await GiveAsync(http);
                return;
            default:
                http.Response.StatusCode = 404;
                return;
        }
    }

    private void Authorize(HttpContext http)
    {
        var query = http.Request.Query;
        if (query["client_id"] != Client || query["response_type"] != "code" || query["code_challenge_method"] != "S256" || !query["scope"].ToString().Split(' ').Contains("openid"))
        {
            http.Response.StatusCode = 400;
            return;
        }

        var code = $"code{Interlocked.Increment(ref _number)}";
        _codes[code] = (query["code_challenge"]!, query["redirect_uri"]!, query["nonce"]!);
        http.Response.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}&iss={Uri.EscapeDataString(Issuer)}");
    }

    private async Task GiveAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync();
        var nonce = default(string);
        var refused = Refusal ?? (Identified(http.Request, form) ? null : "invalid_client");
        if (refused is null && form["grant_type"] == "authorization_code")
        {
            if (_codes.TryRemove(form["code"].ToString(), out var begun) && begun.Redirect == form["redirect_uri"]
                && begun.Challenge == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))) nonce = begun.Nonce;
            else refused = "invalid_grant";
        }
        else if (refused is null && (form["grant_type"] != "refresh_token" || form["refresh_token"] != _refresh))
        {
            refused = "invalid_grant";
        }

        if (refused is not null)
        {
            await JsonAsync(http, 400, new JsonObject { ["error"] = refused, ["error_description"] = "as ordered" });
            return;
        }

        // Each is good for one time, as with providers that rotate them.
        _refresh = $"refresh{Interlocked.Increment(ref _number)}";
        var token = Token(nonce);
        Given.Enqueue(token);
        await JsonAsync(http, 200, new JsonObject { ["token_type"] = "Bearer", ["access_token"] = "unused", ["expires_in"] = 60, ["id_token"] = token, ["refresh_token"] = _refresh });
    }

    private bool Identified(HttpRequest request, IFormCollection form)
    {
        if (Secret is null) return form["client_id"] == Client;
        var basic = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(Client)}:{Uri.EscapeDataString(Secret)}"))}";
        return Methods.Contains("client_secret_basic") ? request.Headers.Authorization == basic : form["client_id"] == Client && form["client_secret"] == Secret;
    }

    private static Task JsonAsync(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(JsonSerializer.Serialize(body));
    }
}
