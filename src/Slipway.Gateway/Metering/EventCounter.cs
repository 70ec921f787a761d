using System.Runtime.InteropServices;

namespace Slipway.Gateway.Metering;

/// <summary>
/// Counts the events of a stream that carry a token, as its bytes come, in whatever pieces. Those are all with data; where events have names (the Responses and Messages APIs), those whose name ends in `delta`.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct EventCounter
{
    private const uint Delta = ('e' << 24) | ('l' << 16) | ('t' << 8) | 'a';

    private Place _place;
    private int _matched;
    private uint _word;
    private bool _otherwise;

    private enum Place
    {
        LineStart,
        Data,
        Name,
        NameValue,
        Rest,
    }

    /// <summary>Takes the next piece.</summary>
    /// <returns>How many events with a token begin in it. The mark at the end of a stream, `[DONE]`, counts like one.</returns>
    public int Count(ReadOnlySpan<byte> piece)
    {
        var count = 0;
        while (!piece.IsEmpty)
        {
            if (_place is Place.Rest)
            {
                var end = piece.IndexOf((byte)'\n');
                if (end < 0) return count;
                piece = piece[(end + 1)..];
                _place = Place.LineStart;
                continue;
            }

            if (Step(piece[0])) count++;
            piece = piece[1..];
        }

        return count;
    }

    // Whether an event's data begins with this byte.
    private bool Step(byte b)
    {
        switch (_place)
        {
            case Place.LineStart when b is (byte)'d' or (byte)'e':
                (_place, _matched) = (b == 'd' ? Place.Data : Place.Name, 1);
                return false;
            case Place.LineStart:
                // An empty line ends an event, and its name with it.
                if (b == '\n') _otherwise = false;
                else if (b != '\r') _place = Place.Rest;
                return false;
            case Place.Data when b == "data:"u8[_matched]:
                if (++_matched < 5) return false;
                _place = Place.Rest;
                return !_otherwise;
            case Place.Name when b == "event:"u8[_matched]:
                if (++_matched < 6) return false;
                (_place, _word) = (Place.NameValue, 0);
                return false;
            case Place.NameValue when b == '\n':
                (_otherwise, _place) = (_word != Delta, Place.LineStart);
                return false;
            case Place.NameValue:
                if (b != '\r') _word = (_word << 8) | b;
                return false;
            default:
                _place = b == '\n' ? Place.LineStart : Place.Rest;
                return false;
        }
    }
}
