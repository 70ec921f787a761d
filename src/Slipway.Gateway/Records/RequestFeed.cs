using System.Threading.Channels;

namespace Slipway.Gateway.Records;

/// <summary>Keeps records for a reader that takes its time: a few, and then the newest are dropped and counted, so that no request ever waits for it.</summary>
public sealed class RequestFeed : IRequestObserver
{
    private readonly Channel<RequestRecord> _records;
    private long _dropped;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="capacity">How many records wait at most, each about 250 bytes.</param>
    public RequestFeed(int capacity = 4096)
    {
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropWrite, AllowSynchronousContinuations = false };
        _records = Channel.CreateBounded<RequestRecord>(options, _ => Interlocked.Increment(ref _dropped));
    }

    /// <summary>Records that were dropped since the reader was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>The records as they come.</summary>
    public ChannelReader<RequestRecord> Reader => _records.Reader;

    /// <inheritdoc/>
    public void Began(string deployment, DateTimeOffset at)
    {
        // Only what is through is of interest here.
    }

    /// <inheritdoc/>
    public void Ended(in RequestRecord record) => _records.Writer.TryWrite(record);
}
