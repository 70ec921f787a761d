using System.Security.Claims;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Web.Access.Oidc;
using Slipway.Web.Assets;
using Slipway.Web.Rest;

namespace Slipway.Web.Access;

/// <summary>Lets nobody by who has not signed in, save to the sign-in page and the files of the page itself.</summary>
/// <param name="house">Knows who is in.</param>
/// <param name="time">The clock.</param>
/// <param name="provider">Where people may sign in besides; null where they bring a token.</param>
internal sealed class Doorman(Gatehouse house, TimeProvider time, OidcProvider? provider = null)
{
    private const string Bearer = "Bearer ";

    // Long enough for a page to be told to go to the sign-in page before its connection breaks off.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(3);

    public async Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments(AssetCatalogue.Root.TrimEnd('/')))
        {
            await next(context);
            return;
        }

        // What somebody may see is nothing for a cache, nor for whoever uses the browser after them.
        context.Response.Headers.CacheControl = "no-store";
        if (path == SignIn.Path || (provider is not null && (path == OidcSignIn.StartPath || path == OidcSignIn.BackPath)))
        {
            // Whom a proxy has signed in has nothing to do here: a page comes here when the proxy's last token ends, and the next request has a new one.
            if (path == SignIn.Path && HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Authorization.Count > 0
                && (await FindAsync(context)).Session is { } brought && await house.KeepAsync(brought, context.RequestAborted))
            {
                context.Response.Redirect(ReturnAddress.Of(context.Request.Query["return"]));
                return;
            }

            await next(context);
            return;
        }

        var (session, refused) = await FindAsync(context);
        if (session is null || !await house.KeepAsync(session, context.RequestAborted))
        {
            await RefuseAsync(context, refused);
            return;
        }

        context.User = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, session.Id), new(ClaimTypes.Name, session.Person.Name)], "slipway"));
        context.RequestServices.GetRequiredService<Visitor>().Enter(session);
        if (!path.StartsWithSegments("/_blazor"))
        {
            await next(context);
            return;
        }

        // A circuit's connection lasts as long as its page is open, and no longer than the session.
        using var held = house.Sessions.Hold(session);
        using var left = new CancellationTokenSource();
        await using var ending = session.Over.Register(() => _ = BreakOffAsync(context, left.Token));
        try
        {
            await next(context);
        }
        finally
        {
            await left.CancelAsync();
        }
    }

    /// <summary>Leaves answers without a body, such as that of an asset that is not there, as they are for those who are not in: a page would be drawn for nobody.</summary>
    public static Task WithoutPages(HttpContext context, RequestDelegate next)
    {
        if (context.User.Identity?.IsAuthenticated != true && context.Features.Get<IStatusCodePagesFeature>() is { } pages) pages.Enabled = false;
        return next(context);
    }

    private async Task<(Session? Session, SignInResult? Refused)> FindAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.ToString() is { Length: > 0 } shown)
        {
            if (!shown.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)) return (null, null);
            var secret = Bearer + shown[Bearer.Length..];
            if (house.Sessions.Find(secret) is { } known) return (known, null);
            var result = await house.BearerAsync(secret, shown, ClientAddress.Of(context), context.RequestAborted);
            return (result.Session, result);
        }

        return (SessionCookie.Read(context.Request) is { } cookie ? house.Sessions.Find(cookie) : null, null);
    }

    private static Task RefuseAsync(HttpContext context, SignInResult? refused)
    {
        var request = context.Request;
        var page = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Path.StartsWithSegments(RestApi.Root) && !request.Path.StartsWithSegments("/api")
            && !request.Path.StartsWithSegments("/_blazor") && !request.Path.StartsWithSegments("/_framework");
        if (page && refused is null)
        {
            context.Response.Redirect(SignIn.AddressFor(request.PathBase + request.Path + request.QueryString));
            return Task.CompletedTask;
        }

        if (refused?.Wait is { } wait) context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString();
        if (refused?.Status is null or StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer realm=\"slipway\"";
        return Problem.Of(
            refused?.Status ?? StatusCodes.Status401Unauthorized, "Not signed in",
            refused?.Fault ?? $"Send a token of the cluster as 'Authorization: Bearer TOKEN' (kubectl create token NAME makes one), or sign in at {SignIn.Path}.").ExecuteAsync(context);
    }

    private async Task BreakOffAsync(HttpContext context, CancellationToken left)
    {
        await Task.Delay(s_farewell, time, left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The context of a connection that is through may be another's by now.
        if (!left.IsCancellationRequested) context.Abort();
    }
}
