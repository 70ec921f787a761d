using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api.Rollouts;
using Slipway.Web.Rollouts;

namespace Slipway.Web.Rest;

/// <summary>Rollouts over REST: seen, approved, taken back, cleared away. They are begun with a manifest, by the command line or on the page.</summary>
internal static class RolloutsApi
{
    public static void MapRollouts(this RouteGroupBuilder api)
    {
        api.MapGet("/rollouts", (HttpRequest request) => RestApi.AnswerAsync(request.HttpContext, ["namespace"], _ => Task.FromResult(List(request))));
        api.MapGet("/rollouts/{namespace}/{name}", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, static (_, r, _) => Task.FromResult(Results.Json(RolloutFact.Of(r), RestJson.Default.RolloutFact))));
        api.MapPost("/rollouts/{namespace}/{name}/approve", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, static (source, r, stop) =>
            r.MayApprove() ? DoneAsync(r, source.ApproveAsync(r, stop)) : Task.FromResult(Problem.Of(StatusCodes.Status409Conflict, "It does not wait", $"{r.Metadata.Name} waits for no approval: it is {r.Phase()}."))));
        api.MapPost("/rollouts/{namespace}/{name}/abort", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, static (source, r, stop) => DoneAsync(r, source.AbortAsync(r, stop))));
        api.MapDelete("/rollouts/{namespace}/{name}", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, static (source, r, stop) =>
            r.IsUnderWay() ? Task.FromResult(Problem.Of(StatusCodes.Status409Conflict, "It is under way", $"{r.Metadata.Name} is {r.Phase()}: abort it first.")) : DoneAsync(r, source.DeleteAsync(r, stop))));
    }

    private static IRollouts Source(HttpRequest request) => request.HttpContext.RequestServices.GetRequiredService<IRollouts>();

    private static IResult List(HttpRequest request) => RestApi.Namespace(request.Query, out var space)
        ?? Results.Json(new RolloutsAnswer([.. Source(request).All.Where(r => space is null || r.Metadata.Namespace == space).Select(RolloutFact.Of)]), RestJson.Default.RolloutsAnswer);

    private static Task<IResult> OneAsync(HttpRequest request, string space, string name, Func<IRollouts, ModelRollout, CancellationToken, Task<IResult>> answer) => RestApi.AnswerAsync(
        request.HttpContext, [],
        stop => Source(request).Find(space, name) is { } found
            ? answer(Source(request), found, stop)
            : Task.FromResult(Problem.Of(StatusCodes.Status404NotFound, "There is no such rollout", $"There is no rollout {name} in {space}. {RestApi.Root}/rollouts lists what there is.")));

    private static async Task<IResult> DoneAsync(ModelRollout rollout, Task<string?> refusal) => await refusal is { } why
        ? Problem.Of(StatusCodes.Status409Conflict, "It was refused", why)
        : Results.Json(new Accepted(rollout.Metadata.Namespace ?? "default", rollout.Metadata.Name ?? ""), RestJson.Default.Accepted, statusCode: StatusCodes.Status202Accepted);
}
