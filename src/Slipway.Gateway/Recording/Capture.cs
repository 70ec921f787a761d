using System.Buffers;

namespace Slipway.Gateway.Recording;

/// <summary>A copy of one request and its answer, as they go by. Its memory is borrowed: <see cref="Dispose"/> gives it back.</summary>
/// <param name="rule">What it is recorded by; null where it is not, and only what is asked is copied.</param>
/// <param name="blocks">Lends the memory.</param>
/// <param name="length">How long the request is, where its head says so.</param>
internal sealed class Capture(RecordingRule? rule, Blocks blocks, long? length) : IDisposable
{
    // What is longer is not recorded: a suite has no use for it.
    private const int Longest = 1024 * 1024;

    private readonly Part _request = new(blocks), _answer = new(blocks);

    /// <summary>What it is recorded by; null where it is not, and only what is asked is copied.</summary>
    public RecordingRule? Rule => rule;

    /// <summary>Whether it is longer than anything that is recorded.</summary>
    public bool TooLong => length > Longest || _request.TooLong || _answer.TooLong;

    /// <summary>Whether there was no memory left for it.</summary>
    public bool NoRoom => _request.NoRoom || _answer.NoRoom;

    /// <summary>Begins anew: the request is taken to another engine.</summary>
    public void Reset()
    {
        _request.Reset();
        _answer.Reset();
    }

    /// <summary>Takes a part of the request.</summary>
    public void Asked(in ReadOnlySequence<byte> part)
    {
        if (length > Longest) return;
        foreach (var piece in part) _request.Add(piece.Span);
    }

    /// <summary>Takes a part of the answer.</summary>
    public void Answered(ReadOnlySpan<byte> part)
    {
        if (rule is not null) _answer.Add(part);
    }

    /// <summary>The request.</summary>
    public byte[] RequestBytes()
    {
        var into = new ArrayBufferWriter<byte>(Math.Max(1, _request.Length));
        _request.CopyTo(into);
        return into.WrittenSpan.ToArray();
    }

    /// <summary>Copies both behind one another.</summary>
    /// <param name="into">Where to.</param>
    /// <returns>How long the request is; the answer is behind it.</returns>
    public int CopyTo(ArrayBufferWriter<byte> into)
    {
        _request.CopyTo(into);
        var asked = into.WrittenCount;
        _answer.CopyTo(into);
        return asked;
    }

    public void Dispose() => Reset();

    // The two are taken down at the same time where an engine answers before it has heard all.
    private sealed class Part(Blocks blocks)
    {
        private readonly List<byte[]> _blocks = [];
        private int _length;

        public int Length => _length;

        public bool TooLong { get; private set; }

        public bool NoRoom { get; private set; }

        public void Reset()
        {
            if (_blocks.Count > 0) blocks.Return(_blocks);
            (_length, TooLong, NoRoom) = (0, false, false);
        }

        public void Add(ReadOnlySpan<byte> part)
        {
            if (TooLong || NoRoom || (TooLong = _length + part.Length > Longest)) return;
            while (!part.IsEmpty)
            {
                var at = _length % Blocks.Size;
                if (at == 0)
                {
                    if (blocks.Borrow() is not { } block)
                    {
                        NoRoom = true;
                        return;
                    }

                    _blocks.Add(block);
                }

                var some = part[..Math.Min(part.Length, Blocks.Size - at)];
                some.CopyTo(_blocks[^1].AsSpan(at));
                _length += some.Length;
                part = part[some.Length..];
            }
        }

        public void CopyTo(ArrayBufferWriter<byte> into)
        {
            var left = _length;
            foreach (var block in _blocks)
            {
                into.Write(block.AsSpan(0, Math.Min(left, Blocks.Size)));
                left -= Blocks.Size;
            }
        }
    }
}
