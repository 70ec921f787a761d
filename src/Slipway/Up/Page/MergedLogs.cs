using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Up.Page;

/// <summary>The logs of several replicas as one, in batches.</summary>
internal static class MergedLogs
{
    // Whoever reads slower than this holds up the reading, and no engine.
    private const int Ahead = 1000;

    /// <summary>Their lines as they come, until all have ended. One that cannot be read says so in a line of its own while others can.</summary>
    /// <param name="replicas">How many there are.</param>
    /// <param name="read">Reads one by its number, from 0.</param>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="IOException">None can be read.</exception>
    public static async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(int replicas, Func<int, CancellationToken, IAsyncEnumerable<string>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var merged = Channel.CreateBounded<LogLine>(Ahead);
        var readers = Enumerable.Range(0, replicas).Select(ReadAsync).ToList();
        var all = CompleteAsync();
        try
        {
            while (await merged.Reader.WaitToReadAsync(cancellationToken))
            {
                var batch = new List<LogLine>();
                while (batch.Count < Ahead && merged.Reader.TryRead(out var line)) batch.Add(line);
                yield return batch;
            }
        }
        finally
        {
            await ended.CancelAsync();
            await all;
        }

        async Task<Exception?> ReadAsync(int index)
        {
            try
            {
                await foreach (var line in read(index, ended.Token)) await merged.Writer.WriteAsync(new LogLine(index, line), ended.Token);
                return null;
            }
            catch (OperationCanceledException)
            {
                // Nobody looks any more.
                return null;
            }
            catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
            {
                if (replicas > 1) merged.Writer.TryWrite(new LogLine(index, $"[no more of this log: {unread.Message}]"));
                return unread;
            }
        }

        async Task CompleteAsync()
        {
            var failures = await Task.WhenAll(readers);
            merged.Writer.TryComplete(failures.All(static f => f is not null) ? failures.FirstOrDefault() : null);
        }
    }
}
