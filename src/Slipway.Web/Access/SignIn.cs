using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Slipway.Web.Access.Oidc;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Access;

/// <summary>Signing in and out: forms that a browser sends, without a circuit.</summary>
internal static class SignIn
{
    public const string Path = "/sign-in";

    public const string OutPath = "/sign-out";

    private const int MostBytes = 64 * 1024;

    /// <summary>The sign-in page's address from which one goes on to a page.</summary>
    /// <param name="page">The page.</param>
    public static string AddressFor(string page) => ReturnAddress.Of(page) is "/" ? Path : $"{Path}?return={Uri.EscapeDataString(page)}";

    public static void MapSignIn(this IEndpointRouteBuilder app, Gatehouse house, OidcProvider? provider)
    {
        app.MapGet(Path, (HttpRequest request) => Page(request.Query["return"], null, StatusCodes.Status200OK, provider));
        // The antiforgery token is looked at here, so that a stale one gets a page and not an empty answer.
        app.MapPost(Path, (HttpContext context) => ComeAsync(context, house, provider)).DisableAntiforgery();
        app.MapPost(OutPath, (HttpContext context) => GoAsync(context, house, provider)).DisableAntiforgery();
    }

    private static async Task ComeAsync(HttpContext context, Gatehouse house, OidcProvider? provider)
    {
        var (form, stale) = await ReadAsync(context);
        var asked = form?["return"].ToString();
        if (form is null || stale)
        {
            await Page(asked, T("This form was open for too long, or comes from elsewhere. Try again."), StatusCodes.Status400BadRequest, provider).ExecuteAsync(context);
            return;
        }

        // Never the secret that was shown before: somebody else may have put it there.
        var secret = Sessions.NewSecret();
        var result = await house.SignInAsync(secret, form["token"], ClientAddress.Of(context), context.RequestAborted);
        if (result.Session is null)
        {
            if (result.Wait is { } wait) context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Page(asked, result.Fault, result.Status, provider).ExecuteAsync(context);
            return;
        }

        if (SessionCookie.Read(context.Request) is { } before && house.Sessions.Find(before) is { } old) house.Sessions.End(old, SessionEnd.SignedOut);
        SessionCookie.Set(context.Response, secret);
        Go(context, ReturnAddress.Of(asked));
    }

    private static async Task GoAsync(HttpContext context, Gatehouse house, OidcProvider? provider)
    {
        var (form, stale) = await ReadAsync(context);
        if (form is null || stale)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(T("This form was open for too long, or comes from elsewhere. Load the page again, then sign out."));
            return;
        }

        var session = context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } id ? house.Sessions.FindById(id) : null;
        // Asked before the session ends, which forgets where its person came from.
        var farewell = session?.Grant is null ? null : provider?.FarewellAddress($"{context.Request.Scheme}://{context.Request.Host}{Path}");
        if (session is not null) house.Sessions.End(session, SessionEnd.SignedOut);
        SessionCookie.Clear(context.Response);
        if (farewell is not null)
        {
            // Not by a redirect: the policy of the page that sent the form lets it lead to no other site.
            await OidcSignIn.Onward(farewell).ExecuteAsync(context);
            return;
        }

        Go(context, Path);
    }

    // 303: what follows is read, not sent again.
    private static void Go(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }

    private static async Task<(IFormCollection? Form, bool Stale)> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostBytes;
        if (!context.Request.HasFormContentType) return (null, true);
        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            var antiforgery = (IAntiforgery)context.RequestServices.GetService(typeof(IAntiforgery))!;
            return (form, !await antiforgery.IsRequestValidAsync(context));
        }
        catch (Exception unread) when (unread is InvalidDataException or BadHttpRequestException)
        {
            return (null, true);
        }
    }

    /// <summary>The page with the form, and the way to the provider where there is one.</summary>
    /// <param name="asked">The page to go on to.</param>
    /// <param name="fault">Why the last try failed; null when there was none.</param>
    /// <param name="status">As an HTTP status.</param>
    /// <param name="provider">The provider; null where there is none.</param>
    public static RazorComponentResult<SignInPage> Page(string? asked, string? fault, int status, OidcProvider? provider) => new(new Dictionary<string, object?>
    {
        [nameof(SignInPage.Return)] = ReturnAddress.Of(asked),
        [nameof(SignInPage.Fault)] = fault,
        [nameof(SignInPage.Provider)] = provider?.Name,
    })
    { StatusCode = status };
}
