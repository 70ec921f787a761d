using Microsoft.Extensions.Time.Testing;

namespace Slipway.Integration.Tests.Troubles;

/// <summary>A clock on which fifty seconds pass in one, so that pauses of minutes are over soon.</summary>
internal sealed class Ticking : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ticks;

    public Ticking() => _ticks = Task.Run(async () =>
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            Time.Advance(TimeSpan.FromMilliseconds(500));
        }
    });

    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ticks;
        _stop.Dispose();
    }
}
