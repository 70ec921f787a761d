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

    /// <summary>The lines of a stream as they come, until it ends: of a log that somebody sends. A line of more than 64 KB is given in pieces.</summary>
    /// <param name="stream">The stream, in UTF-8.</param>
    /// <param name="cancellationToken">Ends it with <see cref="OperationCanceledException"/>.</param>
    public static async IAsyncEnumerable<string> LinesAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var (splitter, chars, lines) = (new LineSplitter(), new char[8 * 1024], new List<string>());
        while (await reader.ReadAsync(chars, cancellationToken) is var read and > 0)
        {
            splitter.Add(chars.AsSpan(0, read), lines);
            foreach (var line in lines) yield return line;
            lines.Clear();
        }

        if (splitter.Rest is { Length: > 0 } rest) yield return rest;
    }

    /// <summary>Remembers how far a log was read.</summary>
    private sealed class LogReader(string path)
    {
        private readonly LineSplitter _lines = new();
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
                _lines.Add(chars.AsSpan(0, _decoder.GetChars(bytes.AsSpan(0, read), chars, flush: false)), lines);
            }

            return lines;
        }
    }
}
