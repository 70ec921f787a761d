using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Web.Deployments;
using Slipway.Web.Rest;
using Slipway.Web.Rollouts;
using Slipway.Web.Tests.Fakes;

namespace Slipway.Web.Tests.Rest;

public sealed class DeploymentsApiTests : IAsyncLifetime
{
    private const string Manifest = "apiVersion: airunway.ai/v1alpha1\nkind: ModelDeployment\nmetadata: {name: a}\nspec: {model: {id: org/a}}\n";

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
        builder.Services.AddSingleton<IDeployments>(_deployments).AddSingleton<IRollouts>(_rollouts).AddSingleton<TimeProvider>(_time);
        _app = builder.Build();
        _app.Use(new SameOrigin([]).CheckAsync);
        _app.MapRest();
        await _app.StartAsync(Token);
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.First() + "/api/v1/") };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task What_runs_is_listed_by_namespace_and_state()
    {
        _deployments.Put(Given.Ready("a"));
        _deployments.Put(Given.Deployment("b", DeploymentPhase.Failed, "No weights"));
        Assert.Equal(["a", "b"], await NamesAsync("deployments"));
        Assert.Equal(["b"], await NamesAsync("deployments?state=Failed"));
        Assert.Empty(await NamesAsync("deployments?namespace=other"));
        var one = JsonNode.Parse(await _client.GetStringAsync("deployments/default/a", Token))!;
        Assert.Equal(("org/a", "Running", true), ((string?)one["model"], (string?)one["state"], (bool)one["ready"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("deployments/default/c", Token)).StatusCode);
    }

    [Theory]
    [InlineData("POST", "deployments", Manifest, "create a")]
    [InlineData("PUT", "deployments/default/a", Manifest, "replace a")]
    [InlineData("POST", "deployments/default/a/scale", """{"replicas":3}""", "scale a 3")]
    [InlineData("POST", "deployments/default/a/restart", "", "restart a")]
    [InlineData("DELETE", "deployments/default/a", "", "delete a")]
    public async Task A_change_is_asked_for_once_and_a_refusal_is_a_conflict_with_its_reason(string method, string path, string body, string asked)
    {
        _deployments.Put(Given.Ready("a"));
        using (var accepted = await SendAsync(method, path, body))
        {
            Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
            Assert.Equal("""{"namespace":"default","name":"a"}""", await accepted.Content.ReadAsStringAsync(Token));
        }

        Assert.Equal([asked], _deployments.Asked);
        _deployments.Refusal = "Its quota is used up.";
        using var refused = await SendAsync(method, path, body);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("Its quota is used up.", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "deployments", "not: [yaml", 400, "not")]
    [InlineData("POST", "deployments", "apiVersion: airunway.ai/v1alpha1\nkind: ModelDeployment\nmetadata: {name: a}\nspec: {model: {id: org/a}, colour: red}\n", 400, "colour")]
    [InlineData("POST", "deployments", "", 400, "empty")]
    [InlineData("PUT", "deployments/default/b", Manifest, 404, "There is no deployment b")]
    [InlineData("PUT", "deployments/default/c", Manifest, 400, "default/a")]
    [InlineData("POST", "deployments/default/c/scale", """{"replicas":-1}""", 400, "from 0 to 1024")]
    [InlineData("POST", "deployments/default/c/scale", """{"replica":1}""", 400, "from 0 to 1024")]
    [InlineData("POST", "deployments/default/c/scale", "three", 400, "from 0 to 1024")]
    public async Task What_makes_no_sense_is_refused_with_what_is_right_and_nothing_is_asked(string method, string path, string body, int status, string detail)
    {
        _deployments.Put(Given.Ready("c"));
        using var response = await SendAsync(method, path, body);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(detail, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Empty(_deployments.Asked);
    }

    [Fact]
    public async Task A_manifest_of_another_version_overwrites_nothing_and_one_without_end_is_not_read()
    {
        _deployments.Put(Given.Ready("a"));
        using var old = await SendAsync("PUT", "deployments/default/a", Manifest.Replace("{name: a}", "{name: a, resourceVersion: \"7\"}", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Conflict, old.StatusCode);
        using var endless = await SendAsync("POST", "deployments", Manifest + new string('#', 600 * 1024));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, endless.StatusCode);
        Assert.Empty(_deployments.Asked);
    }

    [Fact]
    public async Task Another_site_changes_nothing()
    {
        _deployments.Put(Given.Ready("a"));
        using var foreign = new HttpRequestMessage(HttpMethod.Delete, "deployments/default/a") { Headers = { { "Origin", "https://evil.example" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await _client.SendAsync(foreign, Token)).StatusCode);
        Assert.Empty(_deployments.Asked);
    }

    [Theory]
    [InlineData(RolloutPhase.Paused, "POST", "/approve", 202, "approve r")]
    [InlineData(RolloutPhase.Progressing, "POST", "/approve", 409, null)]
    [InlineData(RolloutPhase.Progressing, "POST", "/abort", 202, "abort r")]
    [InlineData(RolloutPhase.Progressing, "DELETE", "", 409, null)]
    [InlineData(RolloutPhase.RolledBack, "DELETE", "", 202, "delete r")]
    public async Task A_rollout_is_decided_on_where_it_can_be(RolloutPhase phase, string method, string path, int status, string? asked)
    {
        _rollouts.Put(FakeRollouts.Rollout("r", phase, 1));
        using var response = await SendAsync(method, $"rollouts/default/r{path}", "");
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(asked is null ? [] : [asked], _rollouts.Asked);
    }

    [Fact]
    public async Task A_rollout_says_what_it_took_up_and_spent_as_its_object_does()
    {
        _rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Paused, 1, static s => s with { BudgetUsed = new BudgetUsed { Requests = 7 }, Capacity = new CapacityStatus { CandidateReplicas = 2 }, Shadow = [new ShadowStatus { Source = ShadowSource.Recorded, Verdict = "Running", Asked = 3 }] }));
        using var response = await SendAsync("GET", "rollouts/default/r", "");
        var status = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["status"]!;
        Assert.Equal((7, 2, 3), ((int)status["budgetUsed"]!["requests"]!, (int)status["capacity"]!["candidateReplicas"]!, (int)status["shadow"]![0]!["asked"]!));
    }

    [Fact]
    public async Task Events_tell_what_there_is_then_what_changes_and_that_the_line_is_alive()
    {
        _deployments.Put(Given.Ready("a"));
        _rollouts.Put(FakeRollouts.Rollout("r", RolloutPhase.Paused));
        using var response = await _client.GetAsync("events", HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        Assert.Equal(["deployment default/a Running", "rollout default/r"], [await NextAsync(reader), await NextAsync(reader)]);

        var failed = Given.Deployment("a", DeploymentPhase.Failed);
        _deployments.Put(failed with { Metadata = failed.Metadata with { ResourceVersion = "2" } });
        Assert.Equal("deployment default/a Failed", await NextAsync(reader));
        _deployments.Remove("a");
        Assert.Equal("deployment-gone default/a", await NextAsync(reader));
        Assert.Equal("beat", await NextAsync(reader, beats: true));
    }

    // Time passes while it is waited for: what is coalesced comes after a moment, and a beat after 20 seconds of nothing.
    private async Task<string> NextAsync(StreamReader reader, bool beats = false)
    {
        var line = reader.ReadLineAsync(Token).AsTask();
        while (!line.IsCompleted)
        {
            await Task.WhenAny(line, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token));
            _time.Advance(TimeSpan.FromMilliseconds(200));
        }

        var kind = (await line)!["event: ".Length..];
        var data = JsonNode.Parse((await reader.ReadLineAsync(Token))!["data: ".Length..])!;
        await reader.ReadLineAsync(Token);
        if (kind == "beat" && !beats) return await NextAsync(reader);
        return kind == "beat" ? kind : $"{kind} {data["namespace"]}/{data["name"]} {data["state"]}".TrimEnd();
    }

    private async Task<IEnumerable<string?>> NamesAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(path, Token))!["deployments"]!.AsArray().Select(static d => (string?)d!["name"]);

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/yaml") };
        return await _client.SendAsync(request, Token);
    }
}
