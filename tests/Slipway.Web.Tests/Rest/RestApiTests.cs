using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Slipway.Capacity.Answers;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Prices.Live;
using Slipway.Kubernetes.Connection;
using Slipway.Web.Rest;

namespace Slipway.Web.Tests.Rest;

public sealed class RestApiTests : IAsyncLifetime
{
    private readonly Fixed _answers = new();
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use(SameOrigin.CheckAsync);
        _app.MapRest(_answers);
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
    [InlineData("capacity?x=1", "takes no parameters")]
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
    public async Task The_description_names_every_resource_and_every_member_of_each_answer()
    {
        var document = JsonNode.Parse(await _client.GetStringAsync("/api/v1/openapi.json", Token))!;
        var mapped = ((IEndpointRouteBuilder)_app).DataSources.SelectMany(static d => d.Endpoints).OfType<RouteEndpoint>().Select(static e => e.RoutePattern.RawText!)
            .Where(static p => !p.Contains('{', StringComparison.Ordinal) && !p.EndsWith("openapi.json", StringComparison.Ordinal));
        Assert.Equal(mapped.Order(), document["paths"]!.AsObject().Select(static p => p.Key).Order());
        foreach (var (path, item) in document["paths"]!.AsObject())
        {
            var schema = item!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
            Same(JsonNode.Parse(await _client.GetStringAsync(path, Token)), schema, document, path);
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
            [new RunningModel("default", "m", 1, false)], ["model"]);

        public Exception? Fault { get; set; }

        public Task<CapacityAnswer> CapacityAsync(CancellationToken cancellationToken) => Give(CapacityAnswer.OfCluster(s_view, PriceBook.Bundled, s_now));

        public Task<CostsAnswer> CostsAsync(CostGrouping by, string? space, CancellationToken cancellationToken) => Give(CostsAnswer.Of(s_view, PriceBook.Bundled, by, space, s_now));

        public Task<PricesAnswer> PricesAsync(CancellationToken cancellationToken) =>
            Give(PricesAnswer.Of(PriceBook.Bundled, [new RefreshReport("gcp", "x", s_now, "updated", "1 price", 0, s_now)], s_now));

        private Task<T> Give<T>(T answer) => Fault is null ? Task.FromResult(answer) : Task.FromException<T>(Fault);
    }
}
