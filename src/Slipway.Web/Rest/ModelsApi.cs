using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Models.Hub.Search;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Store;

namespace Slipway.Web.Rest;

/// <summary>Models of the hub over REST: search, what one is, where it fits, what would run it.</summary>
internal static class ModelsApi
{
    private const double Day = 86_400;

    private static readonly (string, KvCacheType)[] s_caches = [.. ((string[])["auto", "fp8", "f32", "int8", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0"]).Select(static n => (n, KvCacheType.Find(n)!))];

    private static readonly string[] s_search = ["q", "task", "author", "tag", "licence", "maxParameters", "engine", "quantization", "fitsIn", "open", "sort", "limit", "next"];

    private static readonly string[] s_show = ["revision", "quantization", "promptTokens", "outputTokens", "concurrency", "engine", "kvCache", "accelerator"];

    private static readonly string[] s_plan = [.. s_show, "firstTokenSeconds", "interTokenSeconds", "tokensPerSecond", "perMonth", "cloud", "region", "spot", "show"];

    public static void MapModels(this RouteGroupBuilder api)
    {
        api.MapGet("/models", (HttpRequest request) => RestApi.AnswerAsync(request.HttpContext, s_search, stop => SearchAsync(request, RestApi.Answers(request), stop), "tag"));
        api.MapGet("/models/{organisation}/{name}", (HttpRequest request, string organisation, string name) =>
            RestApi.AnswerAsync(request.HttpContext, s_show, stop => ShowAsync(request, $"{organisation}/{name}", RestApi.Answers(request), stop), "accelerator"));
        api.MapGet("/models/{organisation}/{name}/plans", (HttpRequest request, string organisation, string name) =>
            RestApi.AnswerAsync(request.HttpContext, s_plan, stop => PlanAsync(request, $"{organisation}/{name}", RestApi.Answers(request), stop), "accelerator"));
    }

    private static async Task<IResult> SearchAsync(HttpRequest request, IAnswers answers, CancellationToken cancellationToken)
    {
        var read = new QueryReader(request.Query);
        var size = read.Text("maxParameters");
        var fits = read.Text("fitsIn");
        var query = new SearchQuery
        {
            Text = read.Text("q"),
            Task = read.Choice<SearchTask>("task"),
            Author = read.Text("author"),
            Tags = read.Texts("tag"),
            Licence = read.Text("licence"),
            MaxParameters = size is null ? null : ParameterCount.Parse(size),
            // Who asks for small ones wants none of which nobody knows the size.
            KeepUnknown = size is null && fits is null,
            Engine = read.Choice<ServingEngine>("engine"),
            Quantization = read.Text("quantization"),
            FitsIn = fits is null ? null : MemorySize.Parse(fits),
            Gated = read.Flag("open") == true ? false : null,
            Sort = read.Choice<SearchSort>("sort") ?? default,
            Limit = read.Count("limit", 100) ?? 30,
            Next = request.Query["next"] is [{ Length: > 0 and < 4096 } next] ? next : null,
        };
        if (read.Fault is { } fault) return Wrong(fault);
        if (size is not null && query.MaxParameters is null) return Wrong("'maxParameters' has to be a size such as 8B or 500M.");
        if (fits is not null && query.FitsIn is null) return Wrong("'fitsIn' has to be an amount of memory such as 24GB or 80GiB.");
        var answer = await answers.SearchAsync(query, cancellationToken);
        return answer.Value is { } value ? Results.Json(value, AnswersJson.Default.SearchAnswer) : Failed(request, answer.Error!);
    }

    private static async Task<IResult> ShowAsync(HttpRequest request, string id, IAnswers answers, CancellationToken cancellationToken)
    {
        var read = new QueryReader(request.Query);
        var question = Question(read, id);
        if (Fault(read, question) is { } fault) return Wrong(fault);
        var answer = await answers.ModelAsync(question, cancellationToken);
        return answer.Value is { } value ? Results.Json(value, AnswersJson.Default.ModelAnswer) : Failed(request, answer.Error!);
    }

    private static async Task<IResult> PlanAsync(HttpRequest request, string id, IAnswers answers, CancellationToken cancellationToken)
    {
        var read = new QueryReader(request.Query);
        var question = new PlanQuestion(Question(read, id))
        {
            FirstTokenSeconds = read.Number("firstTokenSeconds", 0.000_001, Day),
            InterTokenSeconds = read.Number("interTokenSeconds", 0.000_001, Day),
            TokensPerSecond = read.Number("tokensPerSecond", 0.001, 1e9),
            PerMonth = (decimal?)read.Number("perMonth", 0.01, 1e12),
            Cloud = read.OneOf("cloud", [.. PlanQuestion.Clouds.Select(static c => (c.Cloud, c.Cloud))], out var cloud) ? cloud : null,
            Region = read.Text("region"),
            Spot = read.Flag("spot") ?? false,
            Show = read.Count("show", 100) ?? 3,
        };
        if (Fault(read, question.Model) is { } fault) return Wrong(fault);
        if (question is { Region: not null, Cloud: null }) return Wrong("'region' needs 'cloud', since every cloud has regions of its own.");
        var answer = await answers.PlansAsync(question, cancellationToken);
        return answer.Value is { } value ? Results.Json(value, AnswersJson.Default.PlansAnswer) : Failed(request, answer.Error!);
    }

    private static ModelQuestion Question(QueryReader read, string id) => new(id)
    {
        Revision = read.Text("revision"),
        Quantization = read.Text("quantization"),
        PromptTokens = read.Count("promptTokens", 10_000_000),
        OutputTokens = read.Count("outputTokens", 1_000_000),
        Concurrency = read.Count("concurrency", 1_000_000) ?? 1,
        Engine = read.Choice<ServingEngine>("engine") ?? ServingEngine.Vllm,
        Cache = read.OneOf("kvCache", s_caches, out var cache) ? cache! : KvCacheType.Bits16,
        Accelerators = [.. read.Texts("accelerator")],
    };

    private static string? Fault(QueryReader read, ModelQuestion question) =>
        read.Fault ?? (ModelAnswerer.UnknownAccelerator(question) is { } unknown ? $"No accelerator '{unknown}' is known; take keys such as h100-sxm, as GET {RestApi.Root}/models/ORGANISATION/NAME shows them." : null);

    private static IResult Wrong(string detail) => Problem.Of(StatusCodes.Status400BadRequest, "Parameter out of range", detail);

    private static IResult Failed(HttpRequest request, ModelError error)
    {
        if (error.RetryAfter is { } wait) request.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var (status, title) = error.Kind switch
        {
            ModelErrorKind.InvalidId or ModelErrorKind.InvalidQuery => (StatusCodes.Status400BadRequest, "No such thing can be asked"),
            ModelErrorKind.NotFound or ModelErrorKind.NoGgufFile or ModelErrorKind.QuantizationNotFound => (StatusCodes.Status404NotFound, "There is no such model"),
            ModelErrorKind.GatedOrPrivate => (StatusCodes.Status403Forbidden, "The hub does not show this model to everybody"),
            ModelErrorKind.RateLimited => (StatusCodes.Status503ServiceUnavailable, "The hub asks to wait"),
            _ => (StatusCodes.Status502BadGateway, "The hub did not answer"),
        };
        return Problem.Of(status, title, error.Message);
    }
}
