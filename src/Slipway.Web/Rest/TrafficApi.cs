using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Web.Deployments.Traffic;

namespace Slipway.Web.Rest;

/// <summary>What deployments did, over REST.</summary>
internal static class TrafficApi
{
    private const double Day = 86_400;

    public static void MapTraffic(this RouteGroupBuilder api) =>
        api.MapGet("/deployments/{namespace}/{name}/history", (HttpRequest request, string @namespace, string name) =>
            RestApi.AnswerAsync(request.HttpContext, ["last", "stepSeconds"], _ => Task.FromResult(Read(request, request.HttpContext.RequestServices.GetRequiredService<ITrafficHistory>(), @namespace, name))));

    private static IResult Read(HttpRequest request, ITrafficHistory history, string space, string name)
    {
        var read = new QueryReader(request.Query);
        var last = read.Choice<TrafficSpan>("last") ?? TrafficSpan.Hour;
        var step = read.Number("stepSeconds", 10, Day) ?? (last is TrafficSpan.Hour ? 60 : 900);
        if (read.Fault is { } fault) return Problem.Of(StatusCodes.Status400BadRequest, "Parameter out of range", fault);
        var back = last is TrafficSpan.Hour ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        return history.Read(space, name, back, TimeSpan.FromSeconds(step)) is { } stretches
            ? Results.Json(new TrafficAnswer($"{space}/{name}", stretches), TrafficJson.Default.TrafficAnswer)
            : Problem.Of(StatusCodes.Status404NotFound, "There is no such deployment", $"There is no deployment {name} in {space}. kubectl get modeldeployments -A lists what there is.");
    }
}

/// <summary>How far back is asked.</summary>
internal enum TrafficSpan
{
    /// <summary>The last hour.</summary>
    Hour,

    /// <summary>The last day.</summary>
    Day,
}

/// <summary>What a deployment did.</summary>
/// <param name="Deployment">The deployment, as namespace/name.</param>
/// <param name="Stretches">Stretch by stretch since its first request, the oldest first.</param>
internal sealed record TrafficAnswer(string Deployment, IReadOnlyList<TrafficStretch> Stretches);

/// <summary>JSON of it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TrafficAnswer))]
internal sealed partial class TrafficJson : JsonSerializerContext;
