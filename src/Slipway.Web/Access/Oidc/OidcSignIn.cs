using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Access.Oidc;

/// <summary>Signing in at an OpenID provider: to it, and back from it (authorization code with PKCE).</summary>
/// <param name="house">Lets people in.</param>
/// <param name="provider">The provider.</param>
/// <param name="protection">Keeps what a browser holds from being read or changed there.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class OidcSignIn(Gatehouse house, OidcProvider provider, IDataProtectionProvider protection, TimeProvider time, ILogger<OidcSignIn> log)
{
    public const string StartPath = SignIn.Path + "/oidc";

    public const string BackPath = SignIn.Path + "/oidc/back";

    private readonly IDataProtector _protector = protection.CreateProtector("Slipway.Oidc");

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(StartPath, GoAsync);
        app.MapGet(BackPath, ComeBackAsync);
    }

    /// <summary>A page that leads on by itself: what follows is this page's own step, on which browsers send the session's cookie, as they do not on one that began at the provider.</summary>
    /// <param name="address">Where to.</param>
    public static RazorComponentResult<OnwardPage> Onward(string address) => new(new Dictionary<string, object?> { [nameof(OnwardPage.Address)] = address });

    private async Task GoAsync(HttpContext context)
    {
        var attempt = OidcTry.Begin(context.Request, BackPath, time.GetUtcNow());
        try
        {
            var address = await provider.WelcomeAddressAsync(attempt, context.RequestAborted);
            attempt.Keep(context.Response, _protector);
            context.Response.Redirect(address);
        }
        catch (OidcException unknown)
        {
            await RefuseAsync(context, attempt.Return, unknown.Message, StatusCodes.Status502BadGateway);
        }
    }

    private async Task ComeBackAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (OidcTry.Take(context, query["state"], _protector, time.GetUtcNow()) is not { } attempt)
        {
            // Nothing of such an address is shown: anybody may have made it.
            await SignIn.Page("/", T("This browser did not begin that sign-in, or began it too long ago. Begin anew."), StatusCodes.Status400BadRequest, provider).ExecuteAsync(context);
            return;
        }

        try
        {
            if (query["error"].ToString() is { Length: > 0 } error)
                throw new OidcException($"{provider.Name} did not sign you in: {OidcProvider.Words(error, query["error_description"])}. Try again, or ask whoever runs it to let you use {provider.ClientId}.");
            // RFC 9207: another provider's answer is not changed for a token here.
            if (query["iss"].ToString() is { Length: > 0 } issuer && issuer != provider.Issuer) throw new OidcException($"That answer is of {issuer}, not of {provider.Issuer}. Begin anew.");
            if (query["code"].ToString() is not { Length: > 0 } code) throw new OidcException($"{provider.Name} led back without an answer. Begin anew.");
            await LetInAsync(context, attempt, await provider.RedeemAsync(code, attempt, context.RequestAborted));
        }
        catch (OidcException fault)
        {
            await RefuseAsync(context, attempt.Return, fault.Message, StatusCodes.Status502BadGateway);
        }
    }

    private async Task LetInAsync(HttpContext context, OidcTry attempt, OidcTokens tokens)
    {
        var secret = Sessions.NewSecret();
        var result = await house.SignInAsync(secret, tokens.IdToken, ClientAddress.Of(context), context.RequestAborted, tokens);
        if (result.Session is null)
        {
            if (result.Wait is { } wait) context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            var fault = result.Status == StatusCodes.Status401Unauthorized
                ? $"{provider.Name} knows you, and the cluster does not take its word. The cluster's API has to accept tokens of {provider.Issuer} for {provider.ClientId} (--oidc-issuer-url and --oidc-client-id of kube-apiserver). Ask whoever runs the cluster."
                : result.Fault!;
            await RefuseAsync(context, attempt.Return, fault, result.Status);
            return;
        }

        if (SessionCookie.Read(context.Request) is { } before && house.Sessions.Find(before) is { } old) house.Sessions.End(old, SessionEnd.SignedOut);
        SessionCookie.Set(context.Response, secret);
        await Onward(attempt.Return).ExecuteAsync(context);
    }

    private async Task RefuseAsync(HttpContext context, string back, string fault, int status)
    {
        LogRefused(log, fault);
        await SignIn.Page(back, fault, status, provider).ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in at the OpenID provider failed. {Why}")]
    private static partial void LogRefused(ILogger logger, string why);
}
