using Slipway.Models.Store;

namespace Slipway.Models.Hub;

/// <summary>Counts the bytes of one request over all its files and reports a few times a second.</summary>
internal sealed class DownloadMeter(IProgress<DownloadProgress>? progress, long total, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(200);

    private readonly long _started = time.GetTimestamp();
    private long _reported = long.MinValue;
    private long _done;
    private long _received;

    /// <summary>Bytes that were on disk already.</summary>
    public void Found(string file, long bytes)
    {
        _done += bytes;
        Report(file, force: true);
    }

    /// <summary>Bytes from the network.</summary>
    public void Received(string file, int bytes)
    {
        _done += bytes;
        _received += bytes;
        Report(file, force: _done == total);
    }

    /// <summary>Bytes that turned out to be useless.</summary>
    public void Lost(long bytes) => _done -= bytes;

    private void Report(string file, bool force)
    {
        if (progress is null) return;
        if (!force && _reported != long.MinValue && time.GetElapsedTime(_reported) < s_interval) return;
        _reported = time.GetTimestamp();
        var seconds = time.GetElapsedTime(_started).TotalSeconds;
        progress.Report(new DownloadProgress(file, _done, total, seconds > 0 ? _received / seconds : 0));
    }
}
