using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Load;

namespace Slipway.Operator.Tests.Load;

/// <summary>Against what Prometheus answers.</summary>
public sealed class PrometheusHistoryTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 8, 0, 30, 0, TimeSpan.Zero));
    private readonly List<IQueryCollection> _asked = [];
    private Func<string, IResult> _answer = static _ => Results.Text("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", "application/json");
    private WebApplication _app = null!;
    private PrometheusHistory _history = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.MapGet("/prom/api/v1/query_range", (HttpRequest request) =>
        {
            lock (_asked) _asked.Add(request.Query);
            return _answer(request.Query["query"]!);
        });
        await _app.StartAsync(Token);
        _history = new PrometheusHistory(new Uri($"{_app.Urls.First()}/prom"), _time);
    }

    public async ValueTask DisposeAsync()
    {
        _history.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Series_come_together_by_their_times_and_what_is_no_number_is_left_out()
    {
        _answer = static query => Results.Text(
            query.Contains("num_requests_waiting", StringComparison.Ordinal) ? """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1767830400,"4"],[1767834000,"2.5"]]}]}}"""
            : query.Contains("time_to_first_token", StringComparison.Ordinal) ? """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1767830400,"NaN"],[1767834000,"0.5"]]}]}}"""
            : """{"status":"success","data":{"resultType":"matrix","result":[]}}""", "application/json");
        var points = await ReadAsync("a");
        Assert.Equal(2, points.Count);
        Assert.Equal((new DateTimeOffset(2026, 1, 7, 23, 0, 0, TimeSpan.Zero), 4, null), (points[0].Start, points[0].Mean.Waiting, points[0].Mean.FirstToken));
        Assert.Equal((2.5, 2.5, 0.5, null), (points[1].Mean.Waiting, points[1].Peak.Waiting, points[1].Mean.FirstToken, points[1].Mean.Requests));
        Assert.All(_asked, q => Assert.Equal(("1767227400", "1767832200", "3600"), ((string?)q["start"], (string?)q["end"], (string?)q["step"])));
    }

    [Fact]
    public async Task Only_pods_of_the_deployment_that_serve_its_model_are_asked_for_whatever_the_model_is_called()
    {
        await ReadAsync("a\"}or vector(1)or{x=\"\\");
        Assert.All(_asked, static q => Assert.Contains("""namespace="team",pod=~"a\\.b-.*",model_name="a\"}or vector(1)or{x=\"\\"}""", (string?)q["query"], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, """{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution"}""", "exceeded maximum resolution")]
    [InlineData(200, "<html>", "does not answer as it should")]
    [InlineData(200, "{}", "does not answer as it should")]
    [InlineData(302, "", "does not answer as it should")]
    public async Task What_it_refuses_or_is_not_is_said(int status, string body, string said)
    {
        _answer = _ => Results.Text(body, "application/json", statusCode: status);
        Assert.Contains(said, (await Assert.ThrowsAsync<IOException>(() => ReadAsync("a"))).Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<LoadPoint>> ReadAsync(string model) => _history.ReadAsync(new NamespacedName("team", "a.b"), model, TimeSpan.FromDays(7), TimeSpan.FromHours(1), Token);
}
