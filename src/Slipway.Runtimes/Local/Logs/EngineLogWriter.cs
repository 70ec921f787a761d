using System.Globalization;
using System.Text;

namespace Slipway.Runtimes.Local.Logs;

/// <summary>Appends an engine's output to a file of bounded size; the one before it is kept as <c>.1</c>.</summary>
internal sealed class EngineLogWriter : IDisposable
{
    /// <summary>Bytes after which a new file is begun; with the old one a log takes twice as much at most.</summary>
    public const long DefaultMaxBytes = 4 << 20;

    // Enough for the last lines of any failure seen; the rest is in the file.
    private const int TailBytes = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly byte[] _tail = new byte[TailBytes];
    private FileStream? _file;
    private int _tailLength;
    private bool _atLineStart = true;

    public EngineLogWriter(string path, long maxBytes = DefaultMaxBytes)
    {
        (_path, _maxBytes) = (path, maxBytes);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Open();
    }

    /// <summary>A line of Slipway's own.</summary>
    public void Note(string text, TimeProvider time)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"--- slipway {time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}: {text}\n");
        lock (_gate) Write(Encoding.UTF8.GetBytes(_atLineStart ? line : "\n" + line));
    }

    /// <summary>Bytes of the engine, as they come.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            Remember(bytes);
            Write(bytes);
        }
    }

    /// <summary>The engine's last lines, without Slipway's own.</summary>
    public IReadOnlyList<string> LastLines()
    {
        lock (_gate)
            return Encoding.UTF8.GetString(_tail, 0, _tailLength).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(40).ToList();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_file is null || bytes.IsEmpty) return;
        try
        {
            if (_file.Length + bytes.Length > _maxBytes && _file.Length > 0) Rotate();
            _file.Write(bytes);
            _file.Flush();
            _atLineStart = bytes[^1] == '\n';
        }
        catch (IOException)
        {
            // A full disk must not stop an engine: its log has a hole, its service has none.
        }
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= TailBytes)
        {
            bytes[^TailBytes..].CopyTo(_tail);
            _tailLength = TailBytes;
            return;
        }

        var keep = Math.Min(_tailLength, TailBytes - bytes.Length);
        _tail.AsSpan(_tailLength - keep, keep).CopyTo(_tail);
        bytes.CopyTo(_tail.AsSpan(keep));
        _tailLength = keep + bytes.Length;
    }

    private void Rotate()
    {
        _file!.Dispose();
        File.Move(_path, _path + ".1", overwrite: true);
        _file = Open();
    }

    private FileStream Open() => new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
}
