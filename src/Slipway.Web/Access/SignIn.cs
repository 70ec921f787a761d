using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
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

    public static void MapSignIn(this IEndpointRouteBuilder app, Gatehouse house)
    {
        app.MapGet(Path, (HttpRequest request) => Page(request.Query["return"], null, StatusCodes.Status200OK));
        // The antiforgery token is looked at here, so that a stale one gets a page and not an empty answer.
        app.MapPost(Path, (HttpContext context) => ComeAsync(context, house)).DisableAntiforgery();
        app.MapPost(OutPath, (HttpContext context) => GoAsync(context, house)).DisableAntiforgery();
    }

    private static async Task ComeAsync(HttpContext context, Gatehouse house)
    {
        var (form, stale) = await ReadAsync(context);
        var asked = form?["return"].ToString();
        if (form is null || stale)
        {
            await Page(asked, T("This form was open for too long, or comes from elsewhere. Try again."), StatusCodes.Status400BadRequest).ExecuteAsync(context);
            return;
        }

        // Never the secret that was shown before: somebody else may have put it there.
        var secret = Sessions.NewSecret();
        var result = await house.SignInAsync(secret, form["token"], ClientAddress.Of(context), context.RequestAborted);
        if (result.Session is null)
        {
            if (result.Wait is { } wait) context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Page(asked, result.Fault, result.Status).ExecuteAsync(context);
            return;
        }

        if (SessionCookie.Read(context.Request) is { } before && house.Sessions.Find(before) is { } old) house.Sessions.End(old, SessionEnd.SignedOut);
        SessionCookie.Set(context.Response, secret);
        Go(context, ReturnAddress.Of(asked));
    }

    private static async Task GoAsync(HttpContext context, Gatehouse house)
    {
        var (form, stale) = await ReadAsync(context);
        if (form is null || stale)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(T("This form was open for too long, or comes from elsewhere. Load the page again, then sign out."));
            return;
        }

        if (context.User.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && house.Sessions.FindById(id) is { } session) house.Sessions.End(session, SessionEnd.SignedOut);
        SessionCookie.Clear(context.Response);
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

    private static RazorComponentResult<SignInPage> Page(string? asked, string? fault, int status) =>
        new(new Dictionary<string, object?> { [nameof(SignInPage.Return)] = ReturnAddress.Of(asked), [nameof(SignInPage.Fault)] = fault }) { StatusCode = status };
}
