using System.Threading.Channels;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Watch;

namespace Slipway.ApiServer.Lifecycle;

/// <summary>
/// Follows the store: first a look at what is there, since a crash may have left something half done, then every change in its order, one at a
/// time. What fails is told and does not stop the loop.
/// </summary>
internal sealed class ChangeLoop : IAsyncDisposable
{
    private readonly ObjectStore _store;
    private readonly Func<Bucket, WatchEvent, bool> _concerns;
    private readonly Action<string, string, Exception> _failed;
    private readonly Channel<(Bucket Bucket, WatchEvent Event)> _changes = Channel.CreateUnbounded<(Bucket, WatchEvent)>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <param name="store">What is followed.</param>
    /// <param name="concerns">Which changes are handled; asked by the store's writer, so it has to be quick.</param>
    /// <param name="resume">The look at what is there; each of its steps goes through <see cref="TryAsync"/>.</param>
    /// <param name="handle">What is done about a change.</param>
    /// <param name="failed">Is told the resource, the key and what went wrong.</param>
    public ChangeLoop(
        ObjectStore store, Func<Bucket, WatchEvent, bool> concerns, Func<ChangeLoop, Task> resume, Func<Bucket, WatchEvent, Task> handle, Action<string, string, Exception> failed)
    {
        (_store, _concerns, _failed) = (store, concerns, failed);
        store.Changed += OnChanged;
        _loop = Task.Run(() => RunAsync(resume, handle));
    }

    public async ValueTask DisposeAsync()
    {
        _store.Changed -= OnChanged;
        _changes.Writer.TryComplete();
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    /// <summary>Does one thing, unless the server stops.</summary>
    public async Task TryAsync(string bucket, string key, Func<Task> work)
    {
        if (_stop.IsCancellationRequested) return;
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failed(bucket, key, e);
        }
    }

    private void OnChanged(Bucket bucket, IReadOnlyList<WatchEvent> events)
    {
        foreach (var item in events)
            if (_concerns(bucket, item)) _changes.Writer.TryWrite((bucket, item));
    }

    private async Task RunAsync(Func<ChangeLoop, Task> resume, Func<Bucket, WatchEvent, Task> handle)
    {
        await resume(this);
        try
        {
            await foreach (var (bucket, item) in _changes.Reader.ReadAllAsync(_stop.Token))
                await TryAsync(bucket.Name, item.Object!.Key, () => handle(bucket, item));
        }
        catch (OperationCanceledException)
        {
            // The server stops; the next start looks at everything again.
        }
    }
}
