using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Slipway.Gateway.Routing;
using Slipway.Gateway.Wire;

namespace Slipway.Gateway.Tests.Wire;

public sealed class SilenceTests
{
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task An_engine_that_says_nothing_for_too_long_is_given_up()
    {
        var asked = new TaskCompletionSource();
        await using var engine = new PlayedEngine(async c =>
        {
            await c.RequestAsync();
            asked.TrySetResult();
            await c.GoneAsync();
        });
        using var forwarder = new EngineForwarder(_time, s_silence);
        var sending = forwarder.SendAsync(Request(), new Backend(engine.Address));
        await asked.Task;
        _time.Advance(s_silence - TimeSpan.FromSeconds(1));
        Assert.False(sending.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(ForwardOutcome.Silent, (await sending).Outcome);
    }

    [Fact]
    public async Task A_connection_that_nobody_uses_is_closed()
    {
        var gone = new TaskCompletionSource();
        await using var engine = new PlayedEngine(async c =>
        {
            await c.RequestAsync();
            await c.AnswerAsync("{}");
            await c.GoneAsync();
            gone.TrySetResult();
        });
        using var forwarder = new EngineForwarder(_time, s_silence);
        Assert.Equal(ForwardOutcome.Done, (await forwarder.SendAsync(Request(), new Backend(engine.Address))).Outcome);
        Assert.False(gone.Task.IsCompleted);
        _time.Advance(EnginePool.Idle + TimeSpan.FromSeconds(20));
        await gone.Task;
    }

    [Fact]
    public async Task An_old_connection_gives_way_to_a_new_one()
    {
        await using var engine = new PlayedEngine(async c =>
        {
            while (true)
            {
                await c.RequestAsync();
                await c.AnswerAsync("{}");
            }
        });
        var backend = new Backend(engine.Address);
        using var forwarder = new EngineForwarder(_time, s_silence);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(ForwardOutcome.Done, (await forwarder.SendAsync(Request(), backend)).Outcome);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(2, engine.Connections);
    }

    private static DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext();
        context.Request.Method = "POST";
        context.Request.Path = "/v1/completions";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes("{}"));
        context.Request.ContentLength = 2;
        context.Response.Body = new MemoryStream();
        return context;
    }
}
