namespace Slipway.Web.Deployments.Logs;

/// <summary>A line that a page holds.</summary>
/// <param name="Number">Its place in what was read, from 0.</param>
/// <param name="Replica">Number of the replica that wrote it.</param>
/// <param name="Text">The line; a long one is cut.</param>
/// <param name="IsError">Whether it is of the level of an error; told once, since a page draws a line many times.</param>
internal sealed record KeptLine(long Number, int Replica, string Text, bool IsError);

/// <summary>The newest lines of a log, so many that a page can show them and no more: what a page holds does not grow with what an engine writes.</summary>
internal sealed class LogTail
{
    /// <summary>Lines that are kept, and characters of each.</summary>
    public const int MostLines = 1000, MostCharacters = 2000;

    private readonly Queue<KeptLine> _lines = new();
    private long _read;

    public IReadOnlyCollection<KeptLine> Lines => _lines;

    /// <summary>How many older lines were let go.</summary>
    public long Dropped => _read - _lines.Count;

    public void Add(IReadOnlyList<LogLine> lines)
    {
        // Of a batch that is larger than the whole only its end stays.
        var skipped = Math.Max(0, lines.Count - MostLines);
        _read += skipped;
        foreach (var line in lines.Skip(skipped))
        {
            _lines.Enqueue(new KeptLine(_read++, line.Replica, line.Text.Length > MostCharacters ? line.Text[..MostCharacters] + " …" : line.Text, LogCause.IsError(line.Text)));
            if (_lines.Count > MostLines) _lines.Dequeue();
        }
    }

    public void Clear()
    {
        _lines.Clear();
        _read = 0;
    }
}
