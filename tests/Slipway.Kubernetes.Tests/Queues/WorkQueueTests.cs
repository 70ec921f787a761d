using Microsoft.Extensions.Time.Testing;
using Slipway.Kubernetes.Queues;

namespace Slipway.Kubernetes.Tests.Queues;

public sealed class WorkQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkQueue<string> _queue;

    public WorkQueueTests() => _queue = new WorkQueue<string>(_time);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public async Task A_key_that_waits_is_not_added_twice()
    {
        _queue.Add("a");
        _queue.Add("a");
        Assert.Equal("a", await Take());
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task A_key_that_changes_while_it_is_worked_on_comes_again_after()
    {
        _queue.Add("a");
        await Take();
        _queue.Add("a");
        Assert.Equal(0, _queue.Count);
        _queue.Done("a");
        Assert.Equal("a", await Take());
    }

    [Fact]
    public async Task A_failed_key_waits_twice_as_long_each_time()
    {
        foreach (var pause in new[] { 50, 100, 200, 400 })
        {
            _queue.Fail("a");
            _time.Advance(TimeSpan.FromMilliseconds(pause - 1));
            Assert.Equal(0, _queue.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal("a", await Take());
            _queue.Done("a");
        }
    }

    [Fact]
    public async Task A_forgotten_key_waits_shortly_again()
    {
        for (var i = 0; i < 5; i++) _queue.Fail("a");
        _queue.Forget("a");
        _queue.Fail("a");
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal("a", await Take());
    }

    [Fact]
    public async Task No_wait_is_longer_than_a_minute()
    {
        for (var i = 0; i < 100; i++) _queue.Fail("a");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("a", await Take());
    }

    [Fact]
    public async Task Keys_come_due_in_the_order_of_their_times()
    {
        _queue.AddAfter("later", TimeSpan.FromSeconds(2));
        _queue.AddAfter("sooner", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("sooner", await Take());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("later", await Take());
    }

    [Fact]
    public void A_queue_that_was_shut_down_ignores_what_watches_still_add()
    {
        _queue.AddAfter("later", TimeSpan.FromSeconds(1));
        _queue.Dispose();
        _queue.Add("a");
        _queue.Done("a");
        _queue.Fail("a");
        _queue.AddAfter("a", TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _queue.Count);
    }

    private async Task<string> Take()
    {
        var taken = _queue.TakeAsync(TestContext.Current.CancellationToken);
        Assert.True(taken.IsCompleted, "Nothing is ready.");
        return await taken;
    }
}
