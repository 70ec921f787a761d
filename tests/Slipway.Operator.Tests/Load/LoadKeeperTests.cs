using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Load;

namespace Slipway.Operator.Tests.Load;

public sealed class LoadKeeperTests : IAsyncLifetime
{
    private static readonly NamespacedName s_a = new("default", "a"), s_b = new("default", "b"), s_c = new("default", "c");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private WebApplication _engine = null!;
    private int _asked;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        _engine = builder.Build();
        // Ten requests more each time, of 100 tokens in and 20 out, half a second to the first and a fifth between them.
        _engine.MapGet("/metrics", () => Results.Text(
            $"vllm:num_requests_running 2\nvllm:num_requests_waiting 3\nvllm:kv_cache_usage_perc 0.5\nvllm:e2e_request_latency_seconds_count {_asked * 10}\nvllm:prompt_tokens_total {_asked * 1000}\n"
            + $"vllm:generation_tokens_total {_asked * 200}\nvllm:time_to_first_token_seconds_count {_asked * 10}\nvllm:time_to_first_token_seconds_sum {_asked * 5}\n"
            + $"vllm:inter_token_latency_seconds_count {_asked * 190}\nvllm:inter_token_latency_seconds_sum {_asked++ * 38}\n"));
        await _engine.StartAsync(Token);
    }

    public async ValueTask DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Engines_are_asked_at_once_and_again_and_one_that_is_silent_is_taken_to_be_like_the_others()
    {
        var history = new LoadHistory(_time);
        var there = new Uri(new Uri(_engine.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), "/metrics");
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var nobody = new Uri($"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/metrics");
        silent.Stop();
        var asked = 0;
        var engines = new Dictionary<NamespacedName, IReadOnlyList<Uri>> { [s_a] = [there, nobody], [s_b] = [nobody] };
        using var keeper = new LoadKeeper(
            history, () => engines,
            _ =>
            {
                asked++;
                return Task.FromResult<IReadOnlyDictionary<NamespacedName, decimal>>(new Dictionary<NamespacedName, decimal> { [s_c] = 4 });
            },
            _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var running = keeper.RunAsync(stop.Token);
        await UntilAsync(() => Read(history, s_c).Count == 1);
        var sample = Read(history, s_a).Single().Mean;
        Assert.Equal((4, 6, 0.5, null, null), (sample.Running, sample.Waiting, sample.CacheUse, sample.PerHour, sample.Requests));
        Assert.Empty(Read(history, s_b));
        Assert.Equal(4, Read(history, s_c).Single().Mean.PerHour);

        for (var round = 2; round <= 8; round++)
        {
            _time.Advance(LoadHistory.Finest);
            await UntilAsync(() => Read(history, s_c).Count == round);
        }

        // Two replicas, of which one says it: twice ten requests in ten seconds.
        sample = Read(history, s_a)[^1].Mean;
        Assert.Equal((2, 200, 40), (sample.Requests, sample.TokensIn, sample.TokensOut));
        Assert.Equal((0.5, 0.2), (Math.Round(sample.FirstToken!.Value, 4), Math.Round(sample.BetweenTokens!.Value, 4)));

        // One that was started anew has counted less: nothing is made up of that.
        _asked = 0;
        _time.Advance(LoadHistory.Finest);
        await UntilAsync(() => Read(history, s_c).Count == 9);
        Assert.Equal((null, 6), (Read(history, s_a)[^1].Mean.Requests, Read(history, s_a)[^1].Mean.Waiting));

        // At the beginning, and once a minute.
        Assert.Equal(2, asked);
        await stop.CancelAsync();
        await running;
    }

    private static IReadOnlyList<LoadPoint> Read(LoadHistory history, NamespacedName key) => history.Read(key, TimeSpan.FromHours(1), LoadHistory.Finest);

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
    }
}
