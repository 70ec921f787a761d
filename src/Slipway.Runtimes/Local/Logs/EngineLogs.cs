using System.Runtime.CompilerServices;
using System.Text;

namespace Slipway.Runtimes.Local.Logs;

/// <summary>Reads the logs of engines: from this process or another one, while they are written.</summary>
public static class EngineLogs
{
    // Nothing portable tells when a file grows; five looks a second are quick for eyes and cost nothing.
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(200);

    /// <summary>The log of a replica.</summary>
    /// <param name="directory">Folder of the logs.</param>
    /// <param name="name">Name of the deployment.</param>
    /// <param name="index">Number of the replica.</param>
    public static string PathOf(string directory, string name, int index) => Path.Combine(directory, $"{name}-{index}.log");

    /// <summary>Removes the logs of a deployment.</summary>
    /// <param name="directory">Folder of the logs.</param>
    /// <param name="name">Name of the deployment.</param>
    public static void Delete(string directory, string name)
    {
        for (var index = 0; File.Exists(PathOf(directory, name, index)); index++)
        {
            File.Delete(PathOf(directory, name, index));
            File.Delete(PathOf(directory, name, index) + ".1");
        }
    }

    /// <summary>The last lines of a log; none when there is no log yet.</summary>
    /// <param name="path">The log.</param>
    /// <param name="lines">How many lines at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<IReadOnlyList<string>> TailAsync(string path, int lines, CancellationToken cancellationToken)
    {
        var reader = new LogReader(path);
        return await reader.TailAsync(lines, cancellationToken);
    }

    /// <summary>The last lines of a log and then each new one, through rotations, until the caller stops.</summary>
    /// <param name="path">The log; it may come into being later.</param>
    /// <param name="lines">How many of the lines that are there already.</param>
    /// <param name="time">Clock of the looks.</param>
    /// <param name="cancellationToken">Ends the stream with <see cref="OperationCanceledException"/>.</param>
    public static async IAsyncEnumerable<string> FollowAsync(
        string path, int lines, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(time);
        var reader = new LogReader(path);
        foreach (var line in await reader.TailAsync(lines, cancellationToken)) yield return line;
        while (true)
        {
            foreach (var line in await reader.ReadAsync(cancellationToken)) yield return line;
            await Task.Delay(s_poll, time, cancellationToken);
        }
    }

    /// <summary>Remembers how far a log was read.</summary>
    private sealed class LogReader(string path)
    {
        // A line longer than this is given in pieces, so that an engine without line ends costs no memory.
        private const int MaxLine = 64 * 1024;

        private readonly StringBuilder _partial = new();
        private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
        private long _position;

        public async Task<IReadOnlyList<string>> TailAsync(int lines, CancellationToken cancellationToken)
        {
            var last = new Queue<string>();
            foreach (var file in new[] { path + ".1", path })
            {
                _position = 0;
                foreach (var line in await ReadFileAsync(file, cancellationToken))
                {
                    last.Enqueue(line);
                    if (last.Count > lines) last.Dequeue();
                }
            }

            return [.. last];
        }

        public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken cancellationToken)
        {
            if (new FileInfo(path) is not { Exists: true, Length: var length }) return [];
            if (length >= _position) return await ReadFileAsync(path, cancellationToken);
            // Shorter than what was read: it was rotated. The rest of the old file is under its new name.
            var rest = await ReadFileAsync(path + ".1", cancellationToken);
            _position = 0;
            return [.. rest, .. await ReadFileAsync(path, cancellationToken)];
        }

        private async Task<List<string>> ReadFileAsync(string file, CancellationToken cancellationToken)
        {
            var lines = new List<string>();
            if (!File.Exists(file)) return lines;
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = Math.Min(_position, stream.Length);
            var bytes = new byte[32 * 1024];
            var chars = new char[bytes.Length + 1];
            while (await stream.ReadAsync(bytes, cancellationToken) is var read and > 0)
            {
                _position += read;
                Split(chars.AsSpan(0, _decoder.GetChars(bytes.AsSpan(0, read), chars, flush: false)), lines);
            }

            return lines;
        }

        private void Split(ReadOnlySpan<char> text, List<string> lines)
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
}
