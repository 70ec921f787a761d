using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Tests.Wire;

/// <summary>What the gateway makes of engines that close, lie, refuse early or stop in the middle.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Ask = """{"model":"m","messages":[]}""";

    private readonly Router _router = new();
    private readonly HttpClient _client = new();
    private GatewayServer _gateway = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayServer.StartAsync(new GatewayOptions(), _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task Requests_one_after_another_go_over_one_connection()
    {
        await using var engine = Play(async c =>
        {
            while (true)
            {
                await c.RequestAsync();
                await c.AnswerAsync($"{{\"connection\":{c.Number}}}");
            }
        });
        for (var i = 0; i < 20; i++) Assert.Equal("""{"connection":1}""", await TextAsync(Ask));
    }

    [Fact]
    public async Task A_kept_connection_that_the_engine_has_closed_is_not_noticed_by_the_client()
    {
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.AnswerAsync($"{{\"connection\":{c.Number}}}");
        });
        for (var i = 1; i <= 20; i++) Assert.Equal($"{{\"connection\":{i}}}", await TextAsync(Ask));
    }

    // A prompt that kills its engine must not be taken to the next.
    [Fact]
    public async Task A_request_that_a_new_connection_carried_is_never_sent_twice()
    {
        var requests = 0;
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            Interlocked.Increment(ref requests);
        });
        var (status, code) = await ErrorAsync(Ask);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "model_not_ready", 1), (status, code, requests));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nnonsense\r\n")]
    public async Task Half_an_answer_is_never_taken_for_a_whole_one(string half)
    {
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync(half);
        });
        await Assert.ThrowsAsync<HttpRequestException>(() => TextAsync(Ask));
    }

    [Theory]
    [InlineData("no HTTP at all\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")]
    public async Task An_answer_that_is_doubtful_is_an_engine_that_is_broken(string answer)
    {
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync(answer);
            await c.GoneAsync();
        });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "model_not_ready"), await ErrorAsync(Ask));
    }

    [Fact]
    public async Task A_head_without_end_is_cut_off()
    {
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X: y\r\n", 10_000)));
            await c.GoneAsync();
        });
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "model_not_ready"), await ErrorAsync(Ask));
    }

    [Fact]
    public async Task With_a_length_and_chunks_the_chunks_count_and_nothing_follows_them()
    {
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync($"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nwhole{c.Number}\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled");
            await c.GoneAsync();
        });
        Assert.Equal("whole1", await TextAsync(Ask));
        Assert.Equal("whole2", await TextAsync(Ask));
    }

    [Fact]
    public async Task What_an_engine_says_beyond_its_answer_is_nobodys_answer()
    {
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync($"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nright{c.Number}HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled");
            await c.GoneAsync();
        });
        Assert.Equal("right1", await TextAsync(Ask));
        Assert.Equal("right2", await TextAsync(Ask));
    }

    [Fact]
    public async Task Signs_of_life_before_an_answer_are_passed_over()
    {
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
            await c.SayAsync("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}");
        });
        using var response = await PostAsync(Ask);
        Assert.Equal((HttpStatusCode.TooManyRequests, 7.0, false), (response.StatusCode, response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, response.Headers.Contains("Link")));
    }

    [Fact]
    public async Task A_refusal_before_the_prompt_is_there_reaches_the_client()
    {
        await using var engine = Play(async c =>
        {
            await c.HeadAsync();
            await c.SayAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large");
            await c.GoneAsync();
        });
        using var response = await PostAsync($$"""{"model":"m","prompt":"{{new string('x', 8_000_000)}}"}""");
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "too large"), (response.StatusCode, await response.Content.ReadAsStringAsync(Token)));
    }

    [Theory]
    [InlineData(32_674)]
    [InlineData(45_320)]
    [InlineData(300_000)]
    public async Task A_long_answer_with_a_length_arrives_whole(int length)
    {
        var answer = "{\"text\":\"" + new string('x', length - 60) + "\",\"usage\":{\"completion_tokens\":4}}";
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.AnswerAsync(answer);
            await c.GoneAsync();
        });
        Assert.Equal(answer, await TextAsync(Ask).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Token));
    }

    [Fact]
    public async Task A_body_without_a_length_arrives_whole()
    {
        var prompt = new string('x', 300_000);
        await using var engine = Play(async c =>
        {
            Assert.Contains("Transfer-Encoding: chunked", await c.HeadAsync(), StringComparison.Ordinal);
            var text = new StringBuilder();
            while (true)
            {
                var size = "";
                while (!size.EndsWith("\r\n", StringComparison.Ordinal)) size += await c.BytesAsync(1);
                var length = Convert.ToInt32(size.Trim(), 16);
                text.Append(await c.BytesAsync(length));
                await c.BytesAsync(2);
                if (length == 0) break;
            }

            await c.AnswerAsync($"{text.Length}");
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = new StringContent($$"""{"model":"m","prompt":"{{prompt}}"}""") };
        request.Headers.TransferEncodingChunked = true;
        using var response = await _client.SendAsync(request, Token);
        Assert.Equal($"{prompt.Length + 25}", await response.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task What_is_between_client_and_gateway_alone_stays_there()
    {
        var heads = new List<string>();
        await using var engine = Play(async c =>
        {
            heads.Add(await c.RequestAsync());
            await c.SayAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive\r\nX-Engine: yes\r\n\r\n{}");
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions?a=%2Fb") { Content = new StringContent(Ask) };
        request.Headers.Add("Authorization", "Bearer x");
        request.Headers.Add("X-Mine", "a, b");
        request.Headers.Add("X-Hop", "secret");
        request.Headers.Add("Connection", "X-Hop");
        request.Headers.Add("TE", "trailers");
        using var response = await _client.SendAsync(request, Token);
        Assert.True(response.Headers.Contains("X-Engine"));
        Assert.False(response.Headers.Contains("Keep-Alive"));
        var head = Assert.Single(heads);
        Assert.StartsWith($"POST /v1/chat/completions?a=%2Fb HTTP/1.1\r\nHost: {engine.Address.Authority}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer x", head, StringComparison.Ordinal);
        foreach (var gone in new[] { "X-Hop", "TE:", "Transfer-Encoding", "Connection:" }) Assert.DoesNotContain(gone, head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, head.Split("Content-Length").Length - 1);
    }

    [Fact]
    public async Task An_engine_learns_at_once_that_its_client_has_gone()
    {
        var gone = new TaskCompletionSource();
        await using var engine = Play(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
            await c.GoneAsync();
            gone.TrySetResult();
        });
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/completions") { Content = new StringContent(Ask) };
        using (var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token))
        {
            var stream = await response.Content.ReadAsStreamAsync(leave.Token);
            await stream.ReadExactlyAsync(new byte[5], leave.Token);
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
    }

    [Fact]
    public async Task A_body_that_stops_in_the_middle_ends_the_engines_request()
    {
        var (asked, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var engine = Play(async c =>
        {
            await c.BytesAsync(1);
            asked.TrySetResult();
            await c.GoneAsync();
            gone.TrySetResult();
        });
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(_gateway.Address.Host, _gateway.Address.Port, Token);
            await socket.SendAsync(Encoding.ASCII.GetBytes("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{\"model\":\"m\",\"prompt\":\"" + new string('x', 70_000)), Token);
            await asked.Task;
        }

        await gone.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
    }

    [Fact]
    public async Task Many_at_once_each_have_their_own_answer()
    {
        await using var engine = Play(async c =>
        {
            while (true)
            {
                var request = await c.RequestAsync();
                await c.AnswerAsync(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
            }
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(async i =>
        {
            var body = $$"""{"model":"m","n":{{i}},"pad":"{{new string('p', i * 37)}}"}""";
            return (body, answer: await TextAsync(body));
        }));
        Assert.All(answers, static a => Assert.Equal(a.body, a.answer));
    }

    private PlayedEngine Play(Func<PlayedConnection, Task> play)
    {
        var engine = new PlayedEngine(play);
        _router.Publish(new RouteTable(new Dictionary<string, Route> { ["m"] = new("m", "default/m", [new Backend(engine.Address)], "", true, DateTimeOffset.UnixEpoch) }));
        return engine;
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _client.PostAsync("/v1/chat/completions", new StringContent(body), Token);

    private async Task<string> TextAsync(string body)
    {
        using var response = await PostAsync(body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private async Task<(HttpStatusCode Status, string? Code)> ErrorAsync(string body)
    {
        using var response = await PostAsync(body);
        return (response.StatusCode, (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["error"]!["code"]);
    }
}
