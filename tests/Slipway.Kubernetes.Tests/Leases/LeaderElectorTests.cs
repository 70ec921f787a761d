using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Slipway.Kubernetes.Leases;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Tests.Leases;

public sealed class LeaderElectorTests
{
    private static readonly NamespacedName s_lease = new("default", "slipway");

    private readonly SteppingTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_second_waits_until_the_first_gives_the_lease_back()
    {
        await using var api = await LiveApi.StartAsync();
        var first = Elector(api, "first");
        await first.AcquireAsync(Token);
        await using var second = Elector(api, "second");
        var waiting = second.AcquireAsync(Token);
        for (var i = 0; i < 3; i++) await _time.StepAsync(waiters: 2, Token);
        Assert.False(waiting.IsCompleted);

        await first.DisposeAsync();
        await StepUntilAsync(waiting);
        var lease = await api.Client.GetAsync(Lease.Resource, s_lease, Token);
        Assert.Equal(("second", 1), (lease!.Spec.HolderIdentity, lease.Spec.LeaseTransitions));
    }

    [Fact]
    public async Task A_holder_that_fell_silent_is_followed_after_its_time()
    {
        await using var api = await LiveApi.StartAsync();
        await api.Client.CreateAsync(
            Lease.Resource,
            new Lease
            {
                Metadata = new() { Name = s_lease.Name, Namespace = s_lease.Namespace },
                // Its clock is far ahead: what counts is that the lease does not change, not what it says.
                Spec = new() { HolderIdentity = "dead", LeaseDurationSeconds = 15, RenewTime = _time.GetUtcNow().AddHours(1) },
            },
            Token);
        await using var elector = Elector(api, "next");
        var began = _time.GetUtcNow();
        var waiting = elector.AcquireAsync(Token);
        await StepUntilAsync(waiting);
        Assert.True(_time.GetUtcNow() - began >= TimeSpan.FromSeconds(15), "The lease was taken before it had run out.");
    }

    [Fact]
    public async Task A_lease_that_another_took_is_lost_at_once()
    {
        await using var api = await LiveApi.StartAsync();
        await using var elector = Elector(api, "first");
        await elector.AcquireAsync(Token);
        var lost = new TaskCompletionSource();
        elector.Lost.Register(lost.SetResult);
        var lease = (await api.Client.GetAsync(Lease.Resource, s_lease, Token))!;
        await api.Client.ReplaceAsync(Lease.Resource, lease with { Spec = lease.Spec with { HolderIdentity = "usurper" } }, Token);
        await StepUntilAsync(lost.Task);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_renewed_is_lost_before_another_may_take_it()
    {
        await using var api = await LiveApi.StartAsync();
        await using var elector = Elector(api, "first");
        await elector.AcquireAsync(Token);
        var lost = new TaskCompletionSource();
        elector.Lost.Register(lost.SetResult);
        var began = _time.GetUtcNow();
        await api.RestartAsync(async () => await StepUntilAsync(lost.Task));
        Assert.InRange((_time.GetUtcNow() - began).TotalSeconds, 10, 15);
    }

    private LeaderElector Elector(LiveApi api, string identity) =>
        new(api.Client, s_lease, identity, _time, NullLogger<LeaderElector>.Instance);

    private async Task StepUntilAsync(Task done, int waiters = 1)
    {
        while (!done.IsCompleted)
        {
            var step = _time.StepAsync(waiters, Token);
            if (await Task.WhenAny(done, step) == step) await step;
        }

        await done;
    }

    /// <summary>A clock that moves by the electors' pause, and only once each of them waits for it.</summary>
    private sealed class SteppingTime : TimeProvider
    {
        private readonly FakeTimeProvider _inner = new(System.GetUtcNow());
        private readonly Channel<bool> _waits = Channel.CreateUnbounded<bool>();

        public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = _inner.CreateTimer(callback, state, dueTime, period);
            _waits.Writer.TryWrite(true);
            return timer;
        }

        public async Task StepAsync(int waiters, CancellationToken cancellationToken)
        {
            for (var i = 0; i < waiters; i++) await _waits.Reader.ReadAsync(cancellationToken);
            _inner.Advance(TimeSpan.FromSeconds(2));
        }
    }
}
