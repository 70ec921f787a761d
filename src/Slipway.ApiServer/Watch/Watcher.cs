using System.Threading.Channels;

namespace Slipway.ApiServer.Watch;

/// <summary>One watch request's queue. It never holds the publisher up: when it is full the watch ends and the client starts again.</summary>
internal sealed class Watcher(bool bookmarks)
{
    private const int Capacity = 4096;

    private readonly Channel<WatchEvent> _queue = Channel.CreateBounded<WatchEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public bool Bookmarks { get; } = bookmarks;

    /// <summary>Gets the changes between the asked revision and the subscription, delivered before the queue.</summary>
    public Queue<WatchEvent> Backlog { get; } = new();

    /// <summary>Gets or sets the revision whose state the watcher already knows.</summary>
    public long After { get; set; }

    public ChannelReader<WatchEvent> Reader => _queue.Reader;

    public bool Offer(WatchEvent item)
    {
        if (item.Revision <= After && item.Kind != ChangeKind.Bookmark) return true;
        if (_queue.Writer.TryWrite(item)) return true;
        _queue.Writer.TryComplete();
        return false;
    }

    public void Close() => _queue.Writer.TryComplete();
}
