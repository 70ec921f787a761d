using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments;
using Slipway.Web.Manifests;

namespace Slipway.Web.Rest;

/// <summary>Deployments over REST: seen, declared, changed, scaled, restarted, deleted.</summary>
internal static class DeploymentsApi
{
    private const int LongestBody = 512 * 1024;

    public static void MapDeployments(this RouteGroupBuilder api)
    {
        api.MapGet("/deployments", (HttpRequest request) => RestApi.AnswerAsync(request.HttpContext, ["namespace", "state"], _ => Task.FromResult(List(request))));
        api.MapPost("/deployments", (HttpRequest request) => RestApi.AnswerAsync(request.HttpContext, [], stop => CreateAsync(request, stop)));
        api.MapGet("/deployments/{namespace}/{name}", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, static (d, _) => Task.FromResult(Results.Json(DeploymentFact.Of(d), RestJson.Default.DeploymentFact))));
        api.MapPut("/deployments/{namespace}/{name}", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, (d, stop) => ReplaceAsync(request, d, stop)));
        api.MapDelete("/deployments/{namespace}/{name}", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, (d, stop) => DoneAsync(d, Source(request).DeleteAsync(d, stop))));
        api.MapPost("/deployments/{namespace}/{name}/scale", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, (d, stop) => ScaleAsync(request, d, stop)));
        api.MapPost("/deployments/{namespace}/{name}/restart", (HttpRequest request, string @namespace, string name) => OneAsync(request, @namespace, name, (d, stop) => DoneAsync(d, Source(request).RestartAsync(d, stop))));
    }

    /// <summary>Reads a body as text; null when it is longer than any manifest.</summary>
    internal static async Task<string?> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > LongestBody) return null;
        var buffer = new byte[LongestBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length > LongestBody ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static IDeployments Source(HttpRequest request) => request.HttpContext.RequestServices.GetRequiredService<IDeployments>();

    private static IResult List(HttpRequest request)
    {
        var state = request.Query["state"].ToString();
        if (state.Length > 0 && !DeploymentFilter.States.Contains(state)) return Problem.Of(StatusCodes.Status400BadRequest, "Unknown state", $"'state' has to be one of {string.Join(", ", DeploymentFilter.States)}.");
        if (RestApi.Namespace(request.Query, out var space) is { } wrong) return wrong;
        var filter = new DeploymentFilter(State: state.Length > 0 ? state : null, Namespace: space);
        return Results.Json(new DeploymentsAnswer([.. Source(request).All.Where(filter.Keeps).Select(DeploymentFact.Of)]), RestJson.Default.DeploymentsAnswer);
    }

    private static Task<IResult> OneAsync(HttpRequest request, string space, string name, Func<ModelDeployment, CancellationToken, Task<IResult>> answer) => RestApi.AnswerAsync(
        request.HttpContext, [],
        stop => Source(request).Find(space, name) is { } found
            ? answer(found, stop)
            : Task.FromResult(Problem.Of(StatusCodes.Status404NotFound, "There is no such deployment", $"There is no deployment {name} in {space}. {RestApi.Root}/deployments lists what there is.")));

    private static async Task<IResult> CreateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (deployment, fault) = await ManifestAsync(request, cancellationToken);
        if (fault is not null) return fault;
        var named = deployment! with { Metadata = deployment.Metadata with { Namespace = deployment.Metadata.Namespace ?? "default" } };
        return await DoneAsync(named, Source(request).CreateAsync(named, cancellationToken));
    }

    private static async Task<IResult> ReplaceAsync(HttpRequest request, ModelDeployment seen, CancellationToken cancellationToken)
    {
        var (wanted, fault) = await ManifestAsync(request, cancellationToken);
        if (fault is not null) return fault;
        if (wanted!.Metadata.Name != seen.Metadata.Name || (wanted.Metadata.Namespace ?? seen.Metadata.Namespace) != seen.Metadata.Namespace)
            return Problem.Of(StatusCodes.Status400BadRequest, "Another name", $"The manifest is of {wanted.Metadata.Namespace ?? "default"}/{wanted.Metadata.Name}; name and namespace stay as the path has them.");
        // A caller that says which version it saw overwrites no other.
        if (wanted.Metadata.ResourceVersion is { } version && version != seen.Metadata.ResourceVersion)
            return Problem.Of(StatusCodes.Status409Conflict, "It was changed meanwhile", $"{seen.Metadata.Namespace}/{seen.Metadata.Name} is at version {seen.Metadata.ResourceVersion}, and the manifest is of {version}. Read it again.");
        return await DoneAsync(seen, Source(request).ReplaceAsync(seen, wanted, cancellationToken));
    }

    private static async Task<IResult> ScaleAsync(HttpRequest request, ModelDeployment deployment, CancellationToken cancellationToken)
    {
        ScaleRequest? scale = null;
        try
        {
            scale = await BodyAsync(request, cancellationToken) is { Length: > 0 } text ? JsonSerializer.Deserialize(text, RestJson.Default.ScaleRequest) : null;
        }
        catch (JsonException)
        {
            // Said below.
        }

        return scale?.Replicas is { } replicas and >= 0 and <= 1024
            ? await DoneAsync(deployment, Source(request).ScaleAsync(deployment, replicas, cancellationToken))
            : Problem.Of(StatusCodes.Status400BadRequest, "No number of replicas", """The body has to be {"replicas": N} with N from 0 to 1024.""");
    }

    private static async Task<(ModelDeployment? Deployment, IResult? Fault)> ManifestAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (await BodyAsync(request, cancellationToken) is not { } text) return (null, Problem.Of(StatusCodes.Status413PayloadTooLarge, "Too long", $"A manifest has at most {LongestBody / 1024} KiB."));
        var reading = Manifest.Read(text);
        return reading.Deployment is { } read && reading.Errors.Count == 0
            ? (read, null)
            : (null, Problem.Of(StatusCodes.Status400BadRequest, "No manifest that can be sent", string.Join(" ", reading.Errors)));
    }

    private static async Task<IResult> DoneAsync(ModelDeployment deployment, Task<string?> refusal)
    {
        var (space, name) = (deployment.Metadata.Namespace ?? "default", deployment.Metadata.Name ?? "");
        return await refusal is { } why
            ? Problem.Of(StatusCodes.Status409Conflict, "It was refused", why)
            : Results.Json(new Accepted(space, name), RestJson.Default.Accepted, statusCode: StatusCodes.Status202Accepted);
    }
}
