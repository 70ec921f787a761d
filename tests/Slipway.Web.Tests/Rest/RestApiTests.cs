using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Answers.Models;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Watched;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Live;
using Slipway.Capacity.Queues;
using Slipway.Capacity.Quotas;
using Slipway.Kubernetes.Connection;
using Slipway.Models.Hub;
using Slipway.Models.Hub.Search;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed.Learning;
using Slipway.Models.Store;
using Slipway.Testing;
using Slipway.Web.Deployments;
using Slipway.Web.Deployments.Traffic;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Rest;

public sealed class RestApiTests : IAsyncLifetime
{
    private readonly Fixed _answers = new();
    private readonly FakeTraffic _traffic = new() { Stretches = [FakeTraffic.Minute(DateTimeOffset.UnixEpoch, 2, 0, 0.25)] };
    private readonly FakeDeployments _deployments = new();
    private readonly FakeRollouts _rollouts = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IAnswers>(_answers).AddSingleton<ITrafficHistory>(_traffic).AddSingleton<IDeployments>(_deployments).AddSingleton<IRollouts>(_rollouts).AddSingleton<TimeProvider>(_time);
        _deployments.Put(Given.Ready("tiny-chat"));
        _rollouts.Put(FakeRollouts.Rollout("tiny-chat", RolloutPhase.Paused, 1, static s => s with { Gates = [FakeRollouts.Gate("Pass", 60)], History = [new RolloutDecision { Time = DateTimeOffset.UnixEpoch, What = "Started", Why = "asked for" }] }));
        _app = builder.Build();
        _app.Use(new SameOrigin([]).CheckAsync);
        _app.MapRest();
        await _app.StartAsync(Token);
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("costs?by=colour", "deployment, namespace or node")]
    [InlineData("costs?namespace=NOT%20ONE", "lower-case letters")]
    [InlineData("costs?group=node", "takes by and namespace")]
    [InlineData("costs?by=node&by=namespace", "'by' may be given once")]
    [InlineData("costs/history?by=week", "'by' has to be day or hour")]
    [InlineData("costs/history?last=0", "'last' has to be a number from 1 to 1000")]
    [InlineData("costs/history?namespace=A", "lower-case letters")]
    [InlineData("capacity?x=1", "takes no parameters")]
    [InlineData("models?task=poetry", "'task' has to be chat or embedding")]
    [InlineData("models?limit=0", "'limit' has to be a number from 1 to 100")]
    [InlineData("models?maxParameters=huge", "8B or 500M")]
    [InlineData("models?name=x", "takes q and task")]
    [InlineData("models/a/b?accelerator=h1000", "No accelerator 'h1000'")]
    [InlineData("models/a/b?engine=ollama", "vllm or sglang")]
    [InlineData("deployments?state=fine", "Running, Starting")]
    [InlineData("deployments?namespace=A", "lower-case letters")]
    [InlineData("rollouts?name=a", "takes namespace")]
    [InlineData("events?since=1", "takes no parameters")]
    [InlineData("deployments/default/a/history?last=week", "'last' has to be hour or day")]
    [InlineData("deployments/default/a/history?stepSeconds=1", "'stepSeconds' has to be a number from 10 to 86400")]
    [InlineData("models/a/b/plans?region=westeurope", "'region' needs 'cloud'")]
    [InlineData("models/a/b/plans?interTokenSeconds=-1", "'interTokenSeconds' has to be a number")]
    public async Task A_wrong_parameter_is_a_problem_that_says_what_is_right(string path, string detail)
    {
        var (status, problem) = await ProblemAsync(path);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400, (int)problem["status"]!);
        Assert.Contains(detail, (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_leads_to_the_description()
    {
        var (status, problem) = await ProblemAsync("nothing");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("/api/v1/openapi.json", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_that_refuses_is_a_bad_gateway()
    {
        _answers.Fault = new KubeApiException(HttpStatusCode.Forbidden, "Forbidden", "nodes is forbidden");
        var (status, problem) = await ProblemAsync("capacity");
        Assert.Equal(HttpStatusCode.BadGateway, status);
        Assert.Contains("nodes is forbidden", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelErrorKind.NotFound, 404)]
    [InlineData(ModelErrorKind.InvalidId, 400)]
    [InlineData(ModelErrorKind.GatedOrPrivate, 403)]
    [InlineData(ModelErrorKind.RateLimited, 503)]
    [InlineData(ModelErrorKind.HubUnavailable, 502)]
    public async Task What_the_hub_refuses_is_a_problem_with_its_reason(ModelErrorKind kind, int status)
    {
        _answers.Refusal = new ModelError(kind, "said by the hub", RetryAfter: TimeSpan.FromSeconds(4.2));
        foreach (var path in (string[])["models", "models/a/b", "models/a/b/plans"])
        {
            using var response = await _client.GetAsync($"/api/v1/{path}", Token);
            Assert.Equal((status, TimeSpan.FromSeconds(5)), ((int)response.StatusCode, response.Headers.RetryAfter!.Delta));
            Assert.Contains("said by the hub", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_question_is_asked_as_it_was_put()
    {
        await _client.GetStringAsync("/api/v1/models/org/name/plans?promptTokens=8000&concurrency=32&engine=sglang&kvCache=fp8&accelerator=h100-sxm&accelerator=b200&cloud=azure&region=westeurope&spot=true&interTokenSeconds=0.04", Token);
        var asked = _answers.Asked!;
        Assert.Equal(("org/name", 8000, 32, ServingEngine.Sglang, "fp8"), (asked.Model.Id, asked.Model.PromptTokens, asked.Model.Concurrency, asked.Model.Engine, asked.Model.Cache.Name));
        Assert.Equal(["h100-sxm", "b200"], asked.Model.Accelerators);
        Assert.Equal(("azure", "westeurope", true, 0.04), (asked.Cloud, asked.Region, asked.Spot, asked.InterTokenSeconds));
    }

    [Fact]
    public async Task A_history_is_of_a_deployment_that_is_there()
    {
        await _client.GetStringAsync("/api/v1/deployments/default/a/history?last=day&stepSeconds=3600", Token);
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromHours(1)), _traffic.Asked);
        _traffic.Stretches = null;
        var (status, problem) = await ProblemAsync("deployments/default/a/history");
        Assert.Equal((HttpStatusCode.NotFound, true), (status, ((string?)problem["detail"])!.Contains("no deployment a in default", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_right_that_is_missing_is_named()
    {
        _answers.Fault = new UnauthorizedAccessException("The cluster does not let you list nodes");
        var (status, problem) = await ProblemAsync("capacity");
        Assert.Equal((HttpStatusCode.BadGateway, "The cluster does not let you list nodes"), (status, (string?)problem["detail"]));
    }

    [Fact]
    public async Task Other_sites_are_kept_out()
    {
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/api/v1/capacity") { Headers = { { "Origin", "https://evil.example" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await _client.SendAsync(foreign, Token)).StatusCode);
    }

    [Fact]
    public async Task Capacity_has_the_quotas_of_models_and_accelerators_and_the_queues()
    {
        var answer = JsonNode.Parse(await _client.GetStringAsync("/api/v1/capacity", Token))!;
        Assert.Equal(["default/q", "other/devices"], answer["quotas"]!.AsArray().Select(static q => $"{q!["namespace"]}/{q["name"]}"));
        Assert.Equal("PriorityClass in high", (string?)answer["quotas"]![0]!["scopes"]![0]);
        Assert.Equal((3m, "1.5 of 4.5 pods used"), ((decimal)answer["quotas"]![0]!["limits"]![0]!["left"]!, (string?)answer["quotas"]![0]!["limits"]![0]!["says"]));
        Assert.Null(answer["quotas"]![1]!["limits"]![0]!["left"]);
        Assert.Equal((2m, "gpus"), ((decimal)answer["queues"]![0]!["flavors"]![0]!["left"]!, (string?)answer["queues"]![0]!["name"]));
    }

    [Fact]
    public async Task The_description_names_every_resource_and_every_member_of_each_answer()
    {
        var document = JsonNode.Parse(await _client.GetStringAsync("/api/v1/openapi.json", Token))!;
        var mapped = ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static d => d.Endpoints).OfType<RouteEndpoint>().Select(static e => e.RoutePattern.RawText!)
            .Where(static p => !p.Contains("**", StringComparison.Ordinal) && !p.EndsWith("openapi.json", StringComparison.Ordinal));
        Assert.Equal(mapped.Distinct().Order(), document["paths"]!.AsObject().Select(static p => p.Key).Order());
        foreach (var endpoint in ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static d => d.Endpoints).OfType<RouteEndpoint>().Where(static e => e.Metadata.GetMetadata<IHttpMethodMetadata>() is not null && !e.RoutePattern.RawText!.EndsWith("openapi.json", StringComparison.Ordinal)))
            Assert.All(endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods, m => Assert.NotNull(document["paths"]![endpoint.RoutePattern.RawText!]![m.ToLowerInvariant()]));
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            if (item!["get"]?["responses"]!["200"]!["content"]!["application/json"] is not { } answer) continue;
            var schema = answer["schema"]!;
            var asked = path.Replace("{namespace}", "default", StringComparison.Ordinal).Replace("{organisation}", "slipway", StringComparison.Ordinal).Replace("{name}", "tiny-chat", StringComparison.Ordinal);
            Same(JsonNode.Parse(await _client.GetStringAsync(asked, Token)), schema, document, path);
        }
    }

    private static void Same(JsonNode? value, JsonNode schema, JsonNode document, string where)
    {
        if ((string?)schema["$ref"] is { } reference) schema = document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        if (value is JsonObject map && schema["properties"] is JsonObject members)
        {
            Assert.True(map.Select(static p => p.Key).Order().SequenceEqual(members.Select(static p => p.Key).Order()), $"{where}: {map.ToJsonString()}");
            foreach (var (name, member) in map) Same(member, members[name]!, document, $"{where}.{name}");
        }
        else if (value is JsonArray list)
        {
            foreach (var item in list) Same(item, schema["items"]!, document, $"{where}[]");
        }
        else if (schema["type"] is { } type)
        {
            var said = type is JsonArray several ? several.Select(static t => (string?)t).ToList() : [(string?)type];
            Assert.True(said.Contains(Kind(value)) || (Kind(value) == "integer" && said.Contains("number")), $"{where} is {Kind(value)}, and not {type.ToJsonString()}");
        }
    }

    private static string Kind(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
        _ => "object",
    };

    private async Task<(HttpStatusCode Status, JsonNode Body)> ProblemAsync(string path)
    {
        using var response = await _client.GetAsync($"/api/v1/{path}", Token);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!);
    }

    /// <summary>Answers of a cluster with a node, a pod and a refresh, so that no list is empty.</summary>
    private sealed class Fixed : IAnswers
    {
        private static readonly DateTimeOffset s_now = new(2026, 11, 11, 0, 0, 0, TimeSpan.Zero);
        private static readonly ResourceAmounts s_gpu = new(24_000, 220L << 30, [KeyValuePair.Create("nvidia.com/gpu", 1L)]);
        private static readonly ClusterView s_view = new(
            InventoryBuilder.Bundled.Build(
                [new NodeFacts { Name = "a", Capacity = s_gpu, Allocatable = s_gpu }],
                [new PodFacts { Namespace = "default", Name = "p", Node = "a", Requests = s_gpu, Labels = ImmutableDictionary<string, string>.Empty.Add("model", "m") }]),
            [new RunningModel("default", "m", 1, false)], ["model"])
        {
            Watched = WatchedNodes.Of([new NodeReport("a", s_now, [new DeviceReading("GPU-0") { Busy = 0.5, Broken = "lost" }], null)], s_now),
        };

        private static readonly NamespaceLimits s_limits = new(
            [
                new NamespaceQuota("default", "q", [new QuotaScope("PriorityClass", "In", ["high"])], [new QuotaLine("pods", 4.5m, 1.5m)]),
                new NamespaceQuota("other", "devices", [], [new QuotaLine("requests.nvidia.com/gpu", 8, null)]),
                new NamespaceQuota("other", "unrelated", [], [new QuotaLine("pods", 8, 1)]),
            ],
            [new NamespaceQueue("default", "gpus", "team", 2, null, false, [new QueueFlavor("h100", "nvidia.com/gpu", 8.5m, 6.5m)])], ImmutableDictionary<string, string>.Empty, []);

        public Exception? Fault { get; set; }

        public ModelError? Refusal { get; set; }

        public PlanQuestion? Asked { get; private set; }

        public Task<HubAnswer<SearchAnswer>> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => Refusal is { } refusal
            ? Task.FromResult(new HubAnswer<SearchAnswer>(null, refusal))
            : Task.FromResult(new HubAnswer<SearchAnswer>(SearchAnswer.Of(new SearchResult.Page { Items = [new FoundModel { Id = "a/b", PageAddress = new Uri("https://hub.example/a/b"), Tags = ["gguf"] }], Origin = SearchOrigin.Hub }), null));

        public async Task<HubAnswer<ModelAnswer>> ModelAsync(ModelQuestion question, CancellationToken cancellationToken) =>
            Refusal is { } refusal ? new(null, refusal) : new(ModelAnswerer.Show(await ProfileAsync(cancellationToken), question, LearnedSpeed.None), null);

        public async Task<HubAnswer<PlansAnswer>> PlansAsync(PlanQuestion question, CancellationToken cancellationToken)
        {
            Asked = question;
            return Refusal is { } refusal ? new(null, refusal) : new(ModelAnswerer.Plan(await ProfileAsync(cancellationToken), question with { Cloud = null, Region = null }, PriceBook.Bundled, LearnedSpeed.None), null);
        }

        private static async Task<ModelProfile> ProfileAsync(CancellationToken cancellationToken) => ((ProfileResult.Read)await ModelProfiler.ProfileFolderAsync(
            Path.Combine(Repository.Root, "models", "slipway", "tiny-chat"), new ModelRequest("slipway/tiny-chat"), cancellationToken)).Profile;

        public Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken) => Give(CapacityAnswer.OfCluster(s_view, PriceBook.Bundled, s_now).With(s_limits, ImmutableHashSet.Create("default")));

        public Task<RoomAnswer> RoomAsync(ModelDeployment draft, string? runtime, EngineType? engine, CancellationToken cancellationToken) => Task.FromResult(RoomAnswer.None);

        public Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken) => Give(CostsAnswer.Of(s_view, PriceBook.Bundled, by, space, s_now));

        public Task<CostHistoryAnswer> CostHistoryAsync(CostPeriodLength length, string? space, int last, CancellationToken cancellationToken)
        {
            var history = new CostHistory();
            history.Add(s_now.AddMinutes(-1), s_now, ClusterCost.Of(s_view.Inventory, PriceBook.Bundled));
            return Give(CostHistoryAnswer.Of(history, length, space, last));
        }

        public Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) =>
            Give(PricesAnswer.Of(PriceBook.Bundled, [new RefreshReport("gcp", "x", s_now, "updated", "1 price", 0, s_now)], s_now));

        private Task<T> Give<T>(T answer) => Fault is null ? Task.FromResult(answer) : Task.FromException<T>(Fault);
    }
}
