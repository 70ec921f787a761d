using System.Runtime.InteropServices;

namespace Slipway.Gateway.Wire;

/// <summary>Takes a chunked body apart as it comes (RFC 9112 §7.1). Extensions and trailers are passed over.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ChunkedReader
{
    // As many digits as a size can have that no counter overflows.
    private const int MostDigits = 15;

    // More in a line than any server sends: extensions, trailers.
    private const int LongestLine = 8 * 1024;

    private State _state;
    private long _left;
    private int _digits, _line;

    private enum State
    {
        Size,
        Extension,
        SizeFeed,
        Data,
        DataReturn,
        DataFeed,
        TrailerStart,
        Trailer,
        TrailerFeed,
        LastFeed,
        Done,
    }

    /// <summary>Whether the body is at its end.</summary>
    public readonly bool IsDone => _state is State.Done;

    /// <summary>Takes the next part.</summary>
    /// <param name="input">What came.</param>
    /// <param name="consumed">How much of it was taken.</param>
    /// <param name="data">The part of it that is content; empty where framing was taken alone.</param>
    /// <returns>Whether it makes sense; otherwise the rest of the stream means nothing.</returns>
    public bool Next(ReadOnlySpan<byte> input, out int consumed, out ReadOnlySpan<byte> data)
    {
        data = default;
        for (consumed = 0; consumed < input.Length && _state is not State.Done;)
        {
            if (_state is State.Data)
            {
                var length = (int)Math.Min(_left, input.Length - consumed);
                data = input.Slice(consumed, length);
                consumed += length;
                _left -= length;
                if (_left == 0) _state = State.DataReturn;
                return true;
            }

            if (!Step(input[consumed++])) return false;
        }

        return true;
    }

    private bool Step(byte b)
    {
        switch (_state)
        {
            case State.Size when HexDigit(b) is { } digit:
                _left = (_left << 4) | (long)digit;
                return ++_digits <= MostDigits;
            case State.Size or State.Extension when b == '\r':
                _line = 0;
                return Go(State.SizeFeed, _digits > 0);
            case State.Size when b is (byte)';' or (byte)' ' or (byte)'\t':
                return Go(State.Extension, _digits > 0);
            case State.Extension:
                return b != '\n' && ++_line <= LongestLine;
            case State.SizeFeed:
                _digits = 0;
                return Go(_left == 0 ? State.TrailerStart : State.Data, b == '\n');
            case State.DataReturn:
                return Go(State.DataFeed, b == '\r');
            case State.DataFeed:
                return Go(State.Size, b == '\n');
            case State.TrailerStart when b == '\r':
                return Go(State.LastFeed, true);
            case State.TrailerStart or State.Trailer:
                if (b == '\r') return Go(State.TrailerFeed, true);
                return Go(State.Trailer, b != '\n' && ++_line <= LongestLine);
            case State.TrailerFeed:
                return Go(State.TrailerStart, b == '\n');
            case State.LastFeed:
                return Go(State.Done, b == '\n');
            default:
                return false;
        }
    }

    private bool Go(State next, bool right)
    {
        _state = next;
        return right;
    }

    private static int? HexDigit(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => null,
    };
}
