using System.Buffers;

namespace Slipway.Gateway.Recording;

/// <summary>A copy of one request and its answer, as they go by. Its memory is borrowed: <see cref="Dispose"/> gives it back.</summary>
internal sealed class Capture(RecordingRule? rule) : IDisposable
{
    // What is longer is not recorded: a suite has no use for it.
    private const int Longest = 1024 * 1024;

    private byte[] _request = [], _answer = [];
    private int _requestLength, _answerLength;

    /// <summary>What it is recorded by; null where it is not, and only what is asked is copied.</summary>
    public RecordingRule? Rule => rule;

    /// <summary>Whether it is longer than anything that is recorded.</summary>
    public bool TooLong { get; private set; }

    /// <summary>How long it is.</summary>
    public long Bytes => _requestLength + _answerLength;

    public ReadOnlyMemory<byte> Request => _request.AsMemory(0, _requestLength);

    public ReadOnlyMemory<byte> Answer => _answer.AsMemory(0, _answerLength);

    /// <summary>Begins anew: the request is taken to another engine.</summary>
    public void Reset() => (_requestLength, _answerLength, TooLong) = (0, 0, false);

    /// <summary>Takes a part of the request.</summary>
    public void Asked(in ReadOnlySequence<byte> part)
    {
        foreach (var piece in part) Add(ref _request, ref _requestLength, piece.Span);
    }

    /// <summary>Takes a part of the answer.</summary>
    public void Answered(ReadOnlySpan<byte> part)
    {
        if (rule is not null) Add(ref _answer, ref _answerLength, part);
    }

    public void Dispose()
    {
        Reset();
        foreach (var buffer in (byte[][])[_request, _answer])
        {
            // It has what somebody said: the next who borrows it may not read that.
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }

        (_request, _answer) = ([], []);
    }

    private void Add(ref byte[] buffer, ref int length, ReadOnlySpan<byte> part)
    {
        if (TooLong || (TooLong = length + part.Length > Longest)) return;
        if (length + part.Length > buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(4096, Math.Max(length + part.Length, 2 * length)));
            buffer.AsSpan(0, length).CopyTo(larger);
            if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
            buffer = larger;
        }

        part.CopyTo(buffer.AsSpan(length));
        length += part.Length;
    }
}
