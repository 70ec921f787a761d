using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access.Oidc;

/// <summary>One try to sign in at the provider, which the browser that began it holds in a cookie that it cannot read: nobody else can come back in its place, and nothing is kept for those who never do.</summary>
/// <param name="State">Tells the answer to it from others.</param>
/// <param name="Nonce">Is in the token that it gets.</param>
/// <param name="Verifier">What the code is worth nothing without (RFC 7636).</param>
/// <param name="RedirectUri">Where the provider sends the browser back to.</param>
/// <param name="Return">The page to go on to.</param>
/// <param name="Until">When it is too late.</param>
internal sealed record OidcTry(string State, string Nonce, string Verifier, string RedirectUri, string Return, DateTimeOffset Until)
{
    private const string Prefix = "__Host-slipway-oidc-";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(15);

    /// <summary>The verifier's hash, which the provider is told beforehand.</summary>
    [JsonIgnore]
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static OidcTry Begin(HttpRequest request, string path, DateTimeOffset now) =>
        new(Sessions.NewSecret(), Sessions.NewSecret(), Sessions.NewSecret(), $"{request.Scheme}://{request.Host}{path}", ReturnAddress.Of(request.Query["return"]), now + s_patience);

    /// <summary>Lays it into the browser.</summary>
    public void Keep(HttpResponse response, IDataProtector protector) =>
        response.Cookies.Append(NameOf(State), protector.Protect(JsonSerializer.Serialize(this, OidcJson.Default.OidcTry)), Options(s_patience));

    /// <summary>Takes it out of the browser that comes back: it is good for one time. Null when this browser began no such try, or too long ago.</summary>
    public static OidcTry? Take(HttpContext context, string? state, IDataProtector protector, DateTimeOffset now)
    {
        if (state is not { Length: > 0 and < 200 } || context.Request.Cookies[NameOf(state)] is not { Length: > 0 } kept) return null;
        context.Response.Cookies.Delete(NameOf(state), Options(null));
        try
        {
            return JsonSerializer.Deserialize(protector.Unprotect(kept), OidcJson.Default.OidcTry) is { } attempt && attempt.State == state && now < attempt.Until ? attempt : null;
        }
        catch (Exception forged) when (forged is CryptographicException or JsonException)
        {
            return null;
        }
    }

    // One for each try, since people open several pages at once.
    private static string NameOf(string state) => Prefix + Sessions.KeyOf(state)[..16];

    // The provider's page leads back here: "Strict" would keep the cookie from coming along.
    private static CookieOptions Options(TimeSpan? life) => new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true, MaxAge = life };
}

/// <summary>JSON of it.</summary>
[JsonSerializable(typeof(OidcTry))]
internal sealed partial class OidcJson : JsonSerializerContext;
