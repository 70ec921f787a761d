using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Deployments.Logs;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Logs that a test writes; everything is kept for who begins to read.</summary>
internal sealed class FakeLogs : IEngineLogs
{
    private readonly List<LogLine> _written = [];
    private readonly List<Channel<IReadOnlyList<LogLine>>> _readers = [];

    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the first reader has gone.</summary>
    public Task Left => _left.Task;

    public IOException? Fault { get; set; }

    public void Write(params string[] lines) => Write([.. lines.Select(static l => new LogLine(0, l))]);

    public void Write(IReadOnlyList<LogLine> lines)
    {
        _written.AddRange(lines);
        foreach (var reader in _readers) reader.Writer.TryWrite(lines);
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> FollowAsync(ModelDeployment deployment, int lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Fault is not null) throw Fault;
        var mine = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        _readers.Add(mine);
        try
        {
            if (_written.Count > 0) yield return [.. _written.TakeLast(lines)];
            await foreach (var batch in mine.Reader.ReadAllAsync(cancellationToken)) yield return batch;
        }
        finally
        {
            _readers.Remove(mine);
            _left.TrySetResult();
        }
    }
}
