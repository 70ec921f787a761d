namespace Slipway.Capacity.Tables;

/// <summary>
/// Reads comma-separated values (RFC 4180: quoted fields, doubled quotes, line breaks inside quotes) one record at a time. The record
/// lives in one buffer that the next one reuses, so that a price list of hundreds of megabytes costs no memory.
/// </summary>
/// <param name="text">The text; the caller disposes of it.</param>
/// <param name="maxRecordChars">Longest record accepted, characters; a longer one is a <see cref="Fault"/>.</param>
public sealed class CsvReader(TextReader text, int maxRecordChars = 1 << 20)
{
    private const int Maximum = 2048;
    private readonly char[] _input = new char[16 * 1024];
    private char[] _record = new char[1024];
    private int[] _ends = new int[32];
    private int _length;
    private int _at;
    private int _filled;

    /// <summary>Number of fields of the current record.</summary>
    public int Count { get; private set; }

    /// <summary>Why reading stopped before the end; null while all is well.</summary>
    public string? Fault { get; private set; }

    /// <summary>A field of the current record, valid until the next <see cref="Read"/>; empty when the record has no such field.</summary>
    /// <param name="field">Its place, from 0; a negative one is a column that the file lacks.</param>
    public ReadOnlySpan<char> this[int field]
    {
        get
        {
            if (field < 0 || field >= Count) return default;
            var start = field == 0 ? 0 : _ends[field - 1];
            return _record.AsSpan(start, _ends[field] - start);
        }
    }

    /// <summary>Goes to the next record; blank lines are passed over.</summary>
    /// <returns>False at the end of the text or at a <see cref="Fault"/>.</returns>
    public bool Read()
    {
        Count = 0;
        _length = 0;
        var quoted = false;
        while (Fault is null && Next() is var c and >= 0)
        {
            if (quoted)
            {
                if (c != '"') Append((char)c);
                else if (Peek() == '"') Append((char)Next());
                else quoted = false;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == ',')
            {
                EndField();
            }
            else if (c == '\n')
            {
                if (Count == 0 && _length == 0) continue;
                EndField();
                return Fault is null;
            }
            else if (c != '\r' || Peek() != '\n')
            {
                Append((char)c);
            }
        }

        if (quoted) Fault ??= "the text ends inside a quoted field";
        if (Fault is not null)
        {
            Count = 0;
            return false;
        }

        if (Count == 0 && _length == 0) return false;
        EndField();
        return Fault is null;
    }

    /// <summary>Place of a column in the current record, which is the header; -1 when it has none of that name.</summary>
    /// <param name="name">The column's name; case does not matter.</param>
    public int Column(string name)
    {
        for (var i = 0; i < Count; i++)
        {
            // Spreadsheets put a byte order mark before the first name.
            if (this[i].Trim().TrimStart('\uFEFF').Equals(name, StringComparison.OrdinalIgnoreCase)) return i;
        }

        return -1;
    }

    private void Append(char c)
    {
        if (_length >= maxRecordChars)
        {
            Fault ??= $"a record is longer than {maxRecordChars} characters";
            return;
        }

        if (_length == _record.Length) Array.Resize(ref _record, _length * 2);
        _record[_length++] = c;
    }

    private void EndField()
    {
        if (Count >= Maximum)
        {
            Fault ??= $"a record has more than {Maximum} fields";
            return;
        }

        if (Count == _ends.Length) Array.Resize(ref _ends, Count * 2);
        _ends[Count++] = _length;
    }

    private int Peek() => Fill() ? _input[_at] : -1;

    private int Next() => Fill() ? _input[_at++] : -1;

    private bool Fill()
    {
        if (_at < _filled) return true;
        _at = 0;
        _filled = text.Read(_input, 0, _input.Length);
        return _filled > 0;
    }
}
