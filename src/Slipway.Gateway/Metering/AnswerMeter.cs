namespace Slipway.Gateway.Metering;

/// <summary>
/// Watches an answer go by: counts its events, and keeps its beginning and its end, where engines say how many tokens it has. It holds 4 KB whatever the length, and is used again for the next answer on the same connection.
/// </summary>
internal sealed class AnswerMeter
{
    // Usage, and what engines put behind it: timings, the mark of the end.
    private const int Keep = 2 * 1024;

    private readonly byte[] _text = new byte[2 * Keep];
    private EventCounter _counter;
    private TokenUsage _begin;
    private bool _streamed, _longer;
    private int _length;
    private long _first, _last, _events, _bytes;

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        (_counter, _begin, _streamed, _longer, _length) = (default, default, false, false, 0);
        (_first, _last, _events, _bytes) = (0, 0, 0, 0);
    }

    /// <summary>Says what kind of answer it is.</summary>
    public void Begin(bool streamed) => _streamed = streamed;

    /// <summary>Takes the next piece of the answer.</summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="at">When they came.</param>
    public void Saw(ReadOnlySpan<byte> piece, long at)
    {
        _bytes += piece.Length;
        if (_streamed && _counter.Count(piece) is var events and > 0)
        {
            // The mark at the end is no event, and comes by itself or behind the last one.
            if (_events == 0) _first = at;
            if (events > 1 || !IsMark(piece)) _last = at;
            _events += events;
        }

        Remember(piece);
    }

    /// <summary>What it told.</summary>
    public AnswerFigures Read()
    {
        ReadOnlySpan<byte> text = _text.AsSpan(0, _length);
        var usage = UsageReader.Read(text, _begin);
        if (usage.Out is null) usage = UsageReader.ReadTimings(text, usage);
        if (!_streamed) return new AnswerFigures(false, 0, 0, 0, usage, _bytes, false);
        var failed = EndsInError(text, out var counted);
        var events = _events - (text.TrimEnd("\r\n "u8).EndsWith("[DONE]"u8) ? 1 : 0) - (counted ? 1 : 0);
        return events > 0 ? new AnswerFigures(true, _first, _last, events, usage, _bytes, failed) : new AnswerFigures(true, 0, 0, 0, usage, _bytes, failed);
    }

    private static bool IsMark(ReadOnlySpan<byte> piece) => piece.Length < 32 && piece.IndexOf("[DONE]"u8) >= 0;

    // vLLM and llama-server end a stream that fails with an event whose data is {"error":…}; the Messages API names the event, so that it was not counted.
    private static bool EndsInError(ReadOnlySpan<byte> text, out bool counted)
    {
        counted = false;
        // The Responses API ends so a stream that fails; its event may be longer than what is kept.
        if (text.LastIndexOf("event: response.failed"u8) >= 0 || text.LastIndexOf("{\"type\":\"response.failed\""u8) >= 0) return true;
        var at = text.LastIndexOf("{\"error\":"u8);
        if (at < 0 && (at = text.LastIndexOf("{\"type\":\"error\""u8)) < 0) return false;
        var before = text[..at].TrimEnd((byte)' ');
        if (!before.EndsWith("data:"u8)) return false;
        counted = !before[..^"data:".Length].TrimEnd("\r\n"u8).EndsWith("event: error"u8);
        return true;
    }

    private void Remember(ReadOnlySpan<byte> piece)
    {
        if (_length + piece.Length <= _text.Length)
        {
            piece.CopyTo(_text.AsSpan(_length));
            _length += piece.Length;
            return;
        }

        if (!_longer)
        {
            _longer = true;
            var room = _text.Length - _length;
            piece[..room].CopyTo(_text.AsSpan(_length));
            _length = _text.Length;
            piece = piece[room..];
            // What an answer says of its own length at its beginning is of then.
            _begin = UsageReader.Read(_text, default) with { Out = null };
        }

        var tail = piece.Length > Keep ? piece[^Keep..] : piece;
        var old = Math.Min(_length, Keep - tail.Length);
        _text.AsSpan(_length - old, old).CopyTo(_text);
        tail.CopyTo(_text.AsSpan(old));
        _length = old + tail.Length;
    }
}
