using Microsoft.AspNetCore.Http;
using Slipway.Web.Assets;
using Slipway.Web.Rest;

namespace Slipway.Web.Languages;

/// <summary>Which language somebody gets: the one they chose in the settings, else the first of their browser's that there is, else English.</summary>
internal static class LanguageChoice
{
    /// <summary>The cookie that remembers a choice; page.js sets it.</summary>
    public const string Cookie = "slipway-language";

    public static Language Of(HttpRequest request)
    {
        if (request.Cookies[Cookie] is { } chosen && Language.Find(chosen) is { } known) return known;
        return request.GetTypedHeaders().AcceptLanguage
            .Where(static l => l.Quality is not 0).OrderByDescending(static l => l.Quality ?? 1)
            .Select(static l => Language.Find(l.Value.AsSpan())).OfType<Language>().FirstOrDefault() ?? Language.English;
    }

    /// <summary>Answers pages, and the circuits that go on with them, in it. What programs are answered stays English: the same for all.</summary>
    public static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (!path.StartsWithSegments(RestApi.Root) && !path.StartsWithSegments(AssetCatalogue.Root.TrimEnd('/')))
        {
            Language.Current = Of(context.Request);
            context.Response.Headers.Append("Vary", "Accept-Language, Cookie");
        }

        await next(context);
    }
}
