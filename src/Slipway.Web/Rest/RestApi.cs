using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Capacity.Answers;
using Slipway.Kubernetes.Connection;
using Slipway.Web.Deployments;
using Slipway.Web.Rollouts;

namespace Slipway.Web.Rest;

/// <summary>The REST API, version 1, under the page's own address and its rules of origin. <c>openapi.json</c> describes it.</summary>
internal static class RestApi
{
    /// <summary>The root of all paths.</summary>
    public const string Root = "/api/v1";

    private const int LongestName = 63;

    public static void MapRest(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Root);
        // Handlers take the request, not the context: those would be taken for ones that write the response themselves, and their results be dropped.
        api.MapGet("/openapi.json", static () => Results.Stream(typeof(RestApi).Assembly.GetManifestResourceStream("openapi.json")!, "application/json"));
        api.MapGet("/capacity", (HttpRequest request) => AnswerAsync(request.HttpContext, [], async stop => Results.Json(await Answers(request).CapacityAsync(stop), AnswersJson.Default.CapacityAnswer)));
        api.MapGet("/costs", (HttpRequest request) => AnswerAsync(request.HttpContext, ["by", "namespace"], stop => CostsAsync(request.Query, Answers(request), stop)));
        api.MapGet("/costs/history", (HttpRequest request) => AnswerAsync(request.HttpContext, ["by", "namespace", "last"], stop => HistoryAsync(request.Query, Answers(request), stop)));
        api.MapGet("/prices", (HttpRequest request) => AnswerAsync(request.HttpContext, [], async stop => Results.Json(await Answers(request).PricesAsync(stop), AnswersJson.Default.PricesAnswer)));
        api.MapModels();
        api.MapTraffic();
        api.MapDeployments();
        api.MapRollouts();
        api.MapGet("/events", (HttpRequest request) => AnswerAsync(request.HttpContext, [], _ => Task.FromResult(Events(request.HttpContext))));
        api.Map("/{**path}", static (HttpContext context) => Problem.Of(
            StatusCodes.Status404NotFound, "No such resource", $"There is no {context.Request.Method} {context.Request.Path}. {Root}/openapi.json lists what there is."));
    }

    /// <summary>The answers for whoever asks.</summary>
    internal static IAnswers Answers(HttpRequest request) => request.HttpContext.RequestServices.GetRequiredService<IAnswers>();

    private static IResult Events(HttpContext context)
    {
        var services = context.RequestServices;
        // A proxy that gathers would deliver nothing for minutes.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(new ChangeFeed(services.GetRequiredService<IDeployments>(), services.GetRequiredService<IRollouts>(), services.GetRequiredService<TimeProvider>()).FollowAsync(context.RequestAborted));
    }

    private static async Task<IResult> CostsAsync(IQueryCollection query, IAnswers answers, CancellationToken cancellationToken)
    {
        CostGrouping? by = query["by"].ToString() switch { "" or "deployment" => CostGrouping.Deployment, "namespace" => CostGrouping.Namespace, "node" => CostGrouping.Node, _ => null };
        if (by is not { } grouping) return Problem.Of(StatusCodes.Status400BadRequest, "Unknown grouping", "'by' has to be deployment, namespace or node.");
        if (Namespace(query, out var space) is { } wrong) return wrong;
        return Results.Json(await answers.CostsAsync(grouping, space, cancellationToken), AnswersJson.Default.CostsAnswer);
    }

    private static async Task<IResult> HistoryAsync(IQueryCollection query, IAnswers answers, CancellationToken cancellationToken)
    {
        var read = new QueryReader(query);
        var (length, last) = (read.Choice<CostPeriodLength>("by") ?? CostPeriodLength.Day, read.Count("last", 1000) ?? 31);
        if (read.Fault is { } fault) return Problem.Of(StatusCodes.Status400BadRequest, "Parameter out of range", fault);
        if (Namespace(query, out var space) is { } wrong) return wrong;
        return Results.Json(await answers.CostHistoryAsync(length, space, last, cancellationToken), AnswersJson.Default.CostHistoryAnswer);
    }

    // RFC 1123, as Kubernetes names namespaces.
    internal static IResult? Namespace(IQueryCollection query, out string? space)
    {
        space = query["namespace"].ToString() is { Length: > 0 } given ? given : null;
        return space is null || (space.Length <= LongestName && space.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')) ? null
            : Problem.Of(StatusCodes.Status400BadRequest, "No name of a namespace", $"'namespace' has to be at most {LongestName} lower-case letters, digits and dashes.");
    }

    /// <param name="context">The request.</param>
    /// <param name="known">The parameters that it may have.</param>
    /// <param name="answer">Answers it.</param>
    /// <param name="several">The parameter that may be given more than once; null for none.</param>
    internal static async Task<IResult> AnswerAsync(HttpContext context, string[] known, Func<CancellationToken, Task<IResult>> answer, string? several = null)
    {
        // What is not known is not dropped silently: a misspelt filter would answer another question.
        if (context.Request.Query.Keys.FirstOrDefault(k => !known.Contains(k)) is not null)
            return Problem.Of(StatusCodes.Status400BadRequest, "Unknown parameter", known.Length == 0 ? "This resource takes no parameters." : $"This resource takes {string.Join(" and ", known)}.");
        if (context.Request.Query.FirstOrDefault(q => q.Value.Count > 1 && q.Key != several) is { Key: { } twice })
            return Problem.Of(StatusCodes.Status400BadRequest, "Parameter given twice", $"'{twice}' may be given once.");
        try
        {
            context.Response.Headers.CacheControl = "no-store";
            return await answer(context.RequestAborted);
        }
        catch (UnauthorizedAccessException missing) when (context.User.Identity?.IsAuthenticated == true)
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "You lack a right in the cluster", missing.Message);
        }
        catch (KubeApiException refused) when (refused.Code is HttpStatusCode.Forbidden && context.User.Identity?.IsAuthenticated == true)
        {
            return Problem.Of(StatusCodes.Status403Forbidden, "You lack a right in the cluster", $"{refused.Message}. Ask whoever gives rights in this cluster.");
        }
        catch (UnauthorizedAccessException missing)
        {
            return Problem.Of(StatusCodes.Status502BadGateway, "Slipway lacks a right in the cluster", missing.Message);
        }
        catch (KubeApiException refused)
        {
            return Problem.Of(StatusCodes.Status502BadGateway, "The Kubernetes API refused", $"{refused.Message} Try the same with kubectl to see which right is missing.");
        }
        catch (HttpRequestException unreachable)
        {
            return Problem.Of(StatusCodes.Status502BadGateway, "The Kubernetes API does not answer", $"{unreachable.Message} Try again when it does.");
        }
    }
}
