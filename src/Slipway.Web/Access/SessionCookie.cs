using Microsoft.AspNetCore.Http;

namespace Slipway.Web.Access;

/// <summary>The cookie that a browser shows: for this host alone, over TLS alone, to no script and on no request of another site (RFC 6265bis, 4.1.3.2).</summary>
internal static class SessionCookie
{
    public const string Name = "__Host-slipway";

    public static string? Read(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } secret ? secret : null;

    public static void Set(HttpResponse response, string secret) => response.Cookies.Append(Name, secret, Options());

    public static void Clear(HttpResponse response) => response.Cookies.Delete(Name, Options());

    private static CookieOptions Options() => new() { Secure = true, HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
