using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Tests.Wire;

namespace Slipway.Gateway.Tests.Picking;

/// <summary>A deployment of several engines, as its clients see it.</summary>
public sealed class ReplicasTests : IAsyncLifetime
{
    private readonly Router _router = new();
    private readonly HttpClient _client = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private GatewayServer _gateway = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _gateway = await GatewayServer.StartAsync(new GatewayOptions { Time = _time }, _router, NullLoggerFactory.Instance, Token);
        _client.BaseAddress = _gateway.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_stays_with_the_engine_that_has_its_beginning(bool chunked)
    {
        await using var a = Answering("a");
        await using var b = Answering("b");
        Publish(a.Address, b.Address);
        var where = new HashSet<string>();
        foreach (var document in Enumerable.Range(0, 20).Select(static i => new string((char)('a' + i), 100_000 + 10_000 * i)))
        {
            var first = await AskAsync(document, chunked);
            where.Add(first);
            for (var i = 0; i < 3; i++) Assert.Equal(first, await AskAsync(document + $" and what of {i}?", chunked));
        }

        Assert.Equal(["a", "b"], where.Order());
    }

    [Fact]
    public async Task An_engine_that_fails_again_and_again_is_left_alone_until_it_is_well()
    {
        var ill = true;
        var asked = 0;
        await using var a = new PlayedEngine(async c =>
        {
            while (true)
            {
                await c.RequestAsync();
                Interlocked.Increment(ref asked);
                if (ill) await c.SayAsync("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
                else await c.AnswerAsync("a");
            }
        });
        await using var b = Answering("b");
        Publish(a.Address, b.Address);
        for (var i = 0; i < 60; i++) await AskAsync("");
        Assert.Equal(3, asked);
        _time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 20; i++) await AskAsync("");
        Assert.Equal(4, asked);
        ill = false;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("a", await AskAsync(""));
        for (var i = 0; i < 40; i++) await AskAsync("");
        Assert.InRange(asked, 6, 45);
    }

    [Fact]
    public async Task Where_all_engines_fail_they_are_asked_all_the_same()
    {
        var asked = 0;
        Func<PlayedConnection, Task> play = async c =>
        {
            while (true)
            {
                await c.RequestAsync();
                Interlocked.Increment(ref asked);
                await c.SayAsync("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n");
            }
        };
        await using var a = new PlayedEngine(play);
        await using var b = new PlayedEngine(play);
        Publish(a.Address, b.Address);
        for (var i = 0; i < 20; i++) await AskAsync("");
        Assert.Equal(20, asked);
    }

    [Fact]
    public async Task An_engine_that_goes_finishes_its_stream_and_gets_nothing_new()
    {
        var finish = new TaskCompletionSource();
        await using var going = new PlayedEngine(async c =>
        {
            await c.RequestAsync();
            await c.SayAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: one\n\n");
            await finish.Task;
            await c.SayAsync("data: two\n\n");
        });
        await using var next = Answering("next");
        Publish(going.Address);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent("""{"model":"m"}""") };
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Publish(next.Address);
        for (var i = 0; i < 5; i++) Assert.Equal("next", await AskAsync(""));
        finish.SetResult();
        Assert.Equal("data: one\n\ndata: two\n\n", await response.Content.ReadAsStringAsync(Token));
        Assert.Equal(1, going.Connections);
    }

    private static PlayedEngine Answering(string name) => new(async c =>
    {
        while (true)
        {
            var head = await c.HeadAsync();
            if (head.Split("\r\n").FirstOrDefault(static l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } length) await c.BytesAsync(int.Parse(length["Content-Length:".Length..]));
            else
            {
                while (Convert.ToInt32(await c.LineAsync(), 16) is var size && size > 0) await c.BytesAsync(size + 2);
                await c.BytesAsync(2);
            }

            await c.AnswerAsync(name);
        }
    });

    private async Task<string> AskAsync(string prompt, bool chunked = false)
    {
        var text = $$"""{"model":"m","messages":[{"role":"user","content":"{{prompt}}"}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = chunked ? new StreamContent(new Unseekable(Encoding.UTF8.GetBytes(text))) : new StringContent(text) };
        using var response = await _client.SendAsync(request, Token);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private void Publish(params Uri[] engines) => _router.Publish(new RouteTable(new Dictionary<string, Route>
    {
        ["m"] = new("m", "default/m", [.. engines.Select(static e => new Backend(e))], "", true, DateTimeOffset.UnixEpoch),
    }));

    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
