using System.Text;

namespace Slipway.Runtimes.Local.Logs;

/// <summary>Makes lines of a text that comes in parts. A line longer than 64 KB is given in pieces, so that an engine without line ends costs no memory.</summary>
internal sealed class LineSplitter
{
    private const int MaxLine = 64 * 1024;

    private readonly StringBuilder _partial = new();

    /// <summary>What came after the last end of a line.</summary>
    public string Rest => _partial.ToString();

    /// <summary>Takes a part, and adds the lines that it ends.</summary>
    public void Add(ReadOnlySpan<char> text, List<string> lines)
    {
        while (text.IndexOf('\n') is >= 0 and var end)
        {
            lines.Add(_partial.Append(text[..end]).ToString().TrimEnd('\r'));
            _partial.Clear();
            text = text[(end + 1)..];
        }

        _partial.Append(text);
        if (_partial.Length <= MaxLine) return;
        lines.Add(_partial.ToString());
        _partial.Clear();
    }
}
