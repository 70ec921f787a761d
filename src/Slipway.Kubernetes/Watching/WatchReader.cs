using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Slipway.Kubernetes.Watching;

/// <summary>Reads a watch: one JSON object a line, each read once, straight from the bytes into the record.</summary>
public static class WatchReader
{
    // What a server may send as one event; etcd's own limit for an object is 1.5 MB by default.
    private const int LongestLine = 16 * 1024 * 1024;

    /// <summary>Reads events until the stream ends.</summary>
    /// <typeparam name="T">The objects' record.</typeparam>
    /// <param name="stream">The response's body.</param>
    /// <param name="contract">The record's JSON contract.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The events.</returns>
    /// <exception cref="InvalidDataException">A line is longer than 16 MB, or no watch event: cut off, most likely.</exception>
    public static async IAsyncEnumerable<WatchEvent<T>> ReadAsync<T>(
        Stream stream, JsonTypeInfo<T> contract, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        var pipe = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                var result = await pipe.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                while (TryLine(ref buffer, out var line))
                {
                    if (!line.IsEmpty) yield return Event(line, contract);
                }

                pipe.AdvanceTo(buffer.Start, buffer.End);
                if (result.IsCompleted) yield break;
                if (buffer.Length > LongestLine) throw new InvalidDataException($"A watch event is longer than {LongestLine} bytes.");
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static bool TryLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        line = default;
        if (buffer.PositionOf((byte)'\n') is not { } end) return false;
        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static WatchEvent<T> Event<T>(ReadOnlySequence<byte> line, JsonTypeInfo<T> contract)
        where T : class
    {
        try
        {
            return Parse(line, contract);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"A line of the watch is no watch event: {broken.Message}", broken);
        }
    }

    private static WatchEvent<T> Parse<T>(ReadOnlySequence<byte> line, JsonTypeInfo<T> contract)
        where T : class
    {
        var (kind, value) = Envelope(line);
        switch (kind)
        {
            case WatchEventKind.Bookmark:
                return Bookmark<T>(value);
            case WatchEventKind.Error:
                using (var status = JsonDocument.Parse(value))
                {
                    var code = status.RootElement.TryGetProperty("code", out var c) ? c.GetInt32() : 0;
                    var message = status.RootElement.TryGetProperty("message", out var m) ? m.GetString() : null;
                    return new WatchEvent<T>(WatchEventKind.Error, null, Code: code, Message: message);
                }

            default:
                var reader = new Utf8JsonReader(value);
                try
                {
                    return new WatchEvent<T>(kind, JsonSerializer.Deserialize(ref reader, contract));
                }
                catch (JsonException unreadable)
                {
                    return new WatchEvent<T>(WatchEventKind.Unreadable, null, Message: unreadable.Message);
                }
        }
    }

    private static (WatchEventKind Kind, ReadOnlySequence<byte> Object) Envelope(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        WatchEventKind? kind = null;
        ReadOnlySequence<byte>? value = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isType) kind = KindOf(ref reader);
            var start = reader.TokenStartIndex;
            reader.Skip();
            if (isObject) value = line.Slice(start, reader.BytesConsumed - start);
        }

        return kind is { } k && value is { } v ? (k, v) : throw new InvalidDataException("A line of the watch is no watch event.");
    }

    private static WatchEventKind KindOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("ADDED"u8) ? WatchEventKind.Added
        : reader.ValueTextEquals("MODIFIED"u8) ? WatchEventKind.Modified
        : reader.ValueTextEquals("DELETED"u8) ? WatchEventKind.Deleted
        : reader.ValueTextEquals("BOOKMARK"u8) ? WatchEventKind.Bookmark
        : WatchEventKind.Error;

    private static WatchEvent<T> Bookmark<T>(ReadOnlySequence<byte> value)
        where T : class
    {
        using var bookmark = JsonDocument.Parse(value);
        var metadata = bookmark.RootElement.GetProperty("metadata");
        var end = metadata.TryGetProperty("annotations", out var annotations)
            && annotations.TryGetProperty("k8s.io/initial-events-end", out var mark) && mark.ValueEquals("true");
        return new WatchEvent<T>(WatchEventKind.Bookmark, null, metadata.GetProperty("resourceVersion").GetString(), end);
    }
}
