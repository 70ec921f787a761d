using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Tests.Server;

public sealed class GatewayServerTests : IAsyncLifetime
{
    private readonly Router _router = new();
    private readonly HttpClient _client = new();
    private GatewayServer _gateway = null!;
    private WebApplication _engine = null!;
    private Func<HttpContext, Task> _answer = static context => context.Response.WriteAsync("{}");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayServer.StartAsync(new GatewayOptions(), _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _engine = builder.Build();
        _engine.Run(context => _answer(context));
        await _engine.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public async Task A_request_reaches_its_engine_byte_for_byte()
    {
        var body = $$"""{"messages":[{"role":"user","content":"{{new string('ä', 100_000)}}"}],"model":"m"}""";
        string? seen = null;
        string? path = null;
        _answer = async context =>
        {
            path = context.Request.Path;
            using var reader = new StreamReader(context.Request.Body);
            seen = await reader.ReadToEndAsync(Token);
            await context.Response.WriteAsync("""{"id":"x"}""", Token);
        };
        Route("m", new Uri(_engine.Urls.Single()));
        using var response = await PostAsync("/v1/chat/completions", body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"id":"x"}""", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("/v1/chat/completions", path);
        Assert.Equal(body, seen);
    }

    [Fact]
    public async Task A_stream_is_passed_on_as_it_comes()
    {
        var second = new TaskCompletionSource();
        _answer = async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: one\n\n", Token);
            await context.Response.Body.FlushAsync(Token);
            await second.Task;
            await context.Response.WriteAsync("data: two\n\n", Token);
        };
        Route("m", new Uri(_engine.Urls.Single()));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"m","stream":true}""") };
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Equal("data: one", await reader.ReadLineAsync(Token));
        second.SetResult();
        Assert.Equal("\ndata: two\n\n", await reader.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task An_unknown_model_is_answered_with_the_known_ones()
    {
        Route("known", new Uri(_engine.Urls.Single()));
        using var response = await PostAsync("/v1/chat/completions", """{"model":"other"}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var error = await ErrorAsync(response);
        Assert.Equal("model_not_found", (string?)error["code"]);
        Assert.Equal("There is no model \"other\". Known: \"known\".", (string?)error["message"]);
    }

    [Fact]
    public async Task A_model_that_loads_is_answered_with_503_and_when_to_come_back()
    {
        Route("m");
        using var response = await PostAsync("/v1/chat/completions", """{"model":"m"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal("\"m\" (default/m) cannot answer now: Loading the model. Try again in a moment.", (string?)(await ErrorAsync(response))["message"]);
    }

    [Fact]
    public async Task An_engine_that_is_gone_is_answered_with_503_and_not_a_hang()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        Route("m", new Uri($"http://127.0.0.1:{port}"));
        using var response = await PostAsync("/v1/chat/completions", """{"model":"m"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("model_not_ready", (string?)(await ErrorAsync(response))["code"]);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("[1]", "invalid_json")]
    [InlineData("{\"messages\":[]}", "missing_required_parameter")]
    public async Task A_body_that_makes_no_sense_is_answered_with_400(string body, string code)
    {
        using var response = await PostAsync("/v1/embeddings", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (string?)(await ErrorAsync(response))["code"]);
    }

    [Fact]
    public async Task An_unknown_path_is_answered_with_those_there_are()
    {
        using var response = await _client.GetAsync("/v2/chat", Token);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("POST /v1/chat/completions", (string?)(await ErrorAsync(response))["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_listed_each_once()
    {
        Route("m", new Uri(_engine.Urls.Single()));
        var list = JsonNode.Parse(await _client.GetStringAsync("/v1/models", Token))!;
        Assert.Equal("list", (string?)list["object"]);
        var model = Assert.Single(list["data"]!.AsArray())!;
        Assert.Equal(("m", "model", "default/m", true), ((string?)model["id"], (string?)model["object"], (string?)model["owned_by"], (bool)model["ready"]!));
        Assert.Equal("m", (string?)JsonNode.Parse(await _client.GetStringAsync("/v1/models/org/m", Token))!["id"]);
    }

    [Fact]
    public async Task A_client_that_leaves_stops_its_engine()
    {
        var left = new TaskCompletionSource();
        _answer = async context =>
        {
            await context.Response.WriteAsync("data: one\n\n", Token);
            await context.Response.Body.FlushAsync(Token);
            context.RequestAborted.Register(left.SetResult);
            await left.Task;
        };
        Route("m", new Uri(_engine.Urls.Single()));
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"m"}""") })
        using (var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token))
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await left.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System, Token);
    }

    [Fact]
    public async Task A_deployment_that_is_named_answers_whatever_the_weights_and_is_not_counted()
    {
        _answer = static context => context.Response.WriteAsync($"{context.Request.Headers["Slipway-Deployment"]}", Token);
        var engine = new Uri(_engine.Urls.Single());
        var candidate = MakeRoute("b", engine);
        var stable = MakeRoute("m", engine) with { Split = new Split(candidate, 100) };
        _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = stable, ["b"] = candidate }));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"m"}"""), Headers = { { "Slipway-Deployment", "default/m" } } };
        using (var named = await _client.SendAsync(request, Token)) Assert.Equal(HttpStatusCode.OK, named.StatusCode);
        Assert.Equal((0, 0), (stable.Traffic.Requests, candidate.Traffic.Requests));
        using (var user = await PostAsync("/v1/chat/completions", """{"model":"m"}""")) Assert.Equal(HttpStatusCode.OK, user.StatusCode);
        Assert.Equal((0, 1, 0), (stable.Traffic.Requests, candidate.Traffic.Requests, candidate.Traffic.Failures));
        using var nobody = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"m"}"""), Headers = { { "Slipway-Deployment", "default/x" } } };
        using var unknown = await _client.SendAsync(nobody, Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("deployment_not_found", (string?)(await ErrorAsync(unknown))["code"]);
    }

    [Fact]
    public async Task A_candidate_that_takes_no_requests_costs_nobody_an_answer_and_its_errors_count_against_it()
    {
        _answer = static context => context.Response.WriteAsync("ok", Token);
        var engine = new Uri(_engine.Urls.Single());
        var gone = MakeRoute("b", new Uri("http://127.0.0.1:9"), new Uri("http://127.0.0.1:10"));
        var stable = MakeRoute("m", engine) with { Split = new Split(gone, 100) };
        _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = stable }));
        using (var response = await PostAsync("/v1/chat/completions", """{"model":"m"}""")) Assert.Equal("ok", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal((1, 1, 1, 0), (gone.Traffic.Requests, gone.Traffic.Failures, stable.Traffic.Requests, stable.Traffic.Failures));

        _answer = static context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        var broken = MakeRoute("c", engine);
        _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = stable with { Split = new Split(broken, 100) } }));
        using (var response = await PostAsync("/v1/chat/completions", """{"model":"m"}""")) Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal((1, 1, 0), (broken.Traffic.Requests, broken.Traffic.Failures, broken.Traffic.InFlight));
    }

    [Fact]
    public async Task A_request_that_one_replica_does_not_take_goes_to_another()
    {
        _answer = static context => context.Response.WriteAsync("ok", Token);
        for (var i = 0; i < 8; i++)
        {
            Route("m", new Uri("http://127.0.0.1:9"), new Uri(_engine.Urls.Single()));
            using var response = await PostAsync("/v1/chat/completions", """{"model":"m"}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static Route MakeRoute(string name, params Uri[] engines) => new(name, $"default/{name}", [.. engines.Select(static e => new Backend(e))], "Loading the model", true, DateTimeOffset.UnixEpoch);

    private void Route(string model, params Uri[] engines)
    {
        var route = MakeRoute(model, engines);
        _router.Publish(new RouteTable(new Dictionary<string, Route> { [model] = route, [$"org/{model}"] = route }));
    }

    private Task<HttpResponseMessage> PostAsync(string path, string body) =>
        _client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Token);

    private static async Task<JsonNode> ErrorAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["error"]!;
}
