namespace Slipway.Gateway.Recording.Storage;

/// <summary>The tapes of all namespaces: one being written for each, the others until their time is over or there is no more room.</summary>
internal sealed class TapeShelf(string folder, TapeKey key, long most, TimeProvider time) : IDisposable
{
    // The first recording of a tape says when all of it goes, so that none is kept for longer than was said: the shorter the tape, the less the others lose.
    private static readonly TimeSpan s_longest = TimeSpan.FromHours(1);
    private const long Largest = 16L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TapeWriter Tape, TimeSpan For)> _open = new(StringComparer.Ordinal);

    /// <summary>Writes a recording.</summary>
    public void Write(string ns, TimeSpan keep, ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_open.TryGetValue(ns, out var open) && (open.For != keep || now - open.Tape.Started > Span(keep) || open.Tape.Bytes > Largest)) Close(ns);
            if (!_open.TryGetValue(ns, out open)) _open[ns] = open = (new TapeWriter(Path.Combine(folder, ns), ns, key, now, now + keep), keep);
            try
            {
                open.Tape.Write(line);
            }
            catch
            {
                // Half of a recording may be there, and nothing behind it could be read.
                Close(ns);
                throw;
            }
        }
    }

    /// <summary>Deletes tapes whose time is over, and the oldest where they are too many.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var ns in _open.Where(o => now - o.Value.Tape.Started > Span(o.Value.For)).Select(static o => o.Key).ToList()) Close(ns);
            if (!Directory.Exists(folder)) return;
            var tapes = new DirectoryInfo(folder).EnumerateFiles("*.tape", SearchOption.AllDirectories).OrderBy(static f => f.LastWriteTimeUtc).ToList();
            var bytes = tapes.Sum(static f => f.Length);
            foreach (var tape in tapes)
            {
                if (TapeFormat.Expiry(tape.Name) is not { } expiry || (expiry > now && bytes <= most)) continue;
                if (_open.FirstOrDefault(o => o.Value.Tape.File == tape.FullName).Key is { } written) Close(written);
                bytes -= tape.Length;
                tape.Delete();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var ns in _open.Keys.ToList()) Close(ns);
        }
    }

    private void Close(string ns)
    {
        _open[ns].Tape.Dispose();
        _open.Remove(ns);
    }

    private static TimeSpan Span(TimeSpan keep) => keep / 4 < s_longest ? keep / 4 : s_longest;
}
