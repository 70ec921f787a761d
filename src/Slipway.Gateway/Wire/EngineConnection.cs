using System.Buffers;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Slipway.Gateway.Metering;

namespace Slipway.Gateway.Wire;

/// <summary>A connection to an engine, for one request at a time.</summary>
internal sealed class EngineConnection : IDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly Socket _socket;
    private readonly TimeProvider _time;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly ArrayBufferWriter<byte> _head = new(1024);
    private readonly List<ArraySegment<byte>> _parts = [];
    private int _start, _end, _disposed;
    private long _active;

    private EngineConnection(Socket socket, TimeProvider time)
    {
        (_socket, _time) = (socket, time);
        Opened = _active = time.GetTimestamp();
    }

    /// <summary>When it was made.</summary>
    public long Opened { get; }

    /// <summary>When bytes last went either way.</summary>
    public long Active => Volatile.Read(ref _active);

    /// <summary>Whether a request is on it.</summary>
    public bool Busy { get; set; }

    /// <summary>Whether it was closed because the engine was silent for too long.</summary>
    public bool Silent { get; private set; }

    /// <summary>Requests that it has carried before.</summary>
    public int Carried { get; set; }

    /// <summary>Watches the answers that it carries.</summary>
    public AnswerMeter Meter { get; } = new();

    /// <summary>Where the head of the next request, and a short body, are put together.</summary>
    public ArrayBufferWriter<byte> Outgoing => _head;

    /// <summary>What came and was not taken yet.</summary>
    public ReadOnlySpan<byte> Incoming => _buffer.AsSpan(_start, _end - _start);

    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="OperationCanceledException">It took too long, or the client went.</exception>
    public static async ValueTask<EngineConnection> OpenAsync(EngineAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.EndPoint, cancellationToken);
            return new EngineConnection(socket, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the engine has closed it, or said what nobody asked for: between requests nothing may come.</summary>
    public bool IsStale()
    {
        try
        {
            return _start != _end || _socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>Sends all of it.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None)..];
            Touch();
        }
    }

    /// <summary>Sends all of it, with one call for all its parts: Kestrel hands long bodies out in parts of 4 KB.</summary>
    public async ValueTask SendAsync(ReadOnlySequence<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (bytes.IsSingleSegment)
            {
                await SendAsync(bytes.First);
                return;
            }

            _parts.Clear();
            foreach (var part in bytes)
            {
                if (MemoryMarshal.TryGetArray(part, out var array)) _parts.Add(array);
                else _parts.Add(part.ToArray());
            }

            bytes = bytes.Slice(await _socket.SendAsync(_parts, SocketFlags.None));
            Touch();
        }
    }

    /// <summary>Receives more behind what is there.</summary>
    /// <returns>Whether anything came; otherwise the engine has ended the connection, or the buffer is full.</returns>
    public async ValueTask<bool> ReceiveAsync()
    {
        if (_start > 0)
        {
            Incoming.CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) return false;
        var got = await _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
        Touch();
        _end += got;
        return got > 0;
    }

    /// <summary>Receives past the buffer, which has to be empty.</summary>
    public async ValueTask<int> ReceiveAsync(Memory<byte> into)
    {
        var got = await _socket.ReceiveAsync(into, SocketFlags.None);
        Touch();
        return got;
    }

    /// <summary>Takes from what came.</summary>
    public void Consume(int bytes) => _start += bytes;

    /// <summary>Makes it ready for the next request.</summary>
    public void Reset()
    {
        _head.ResetWrittenCount();
        if (_start == _end) (_start, _end) = (0, 0);
        Carried++;
    }

    /// <summary>Ends it: whoever waits for it learns at once.</summary>
    /// <param name="silent">Whether because the engine said nothing for too long.</param>
    public void Abort(bool silent = false)
    {
        Silent |= silent;
        _socket.Dispose();
    }

    /// <summary>Ends it, when no one waits for it any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _socket.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private void Touch() => Volatile.Write(ref _active, _time.GetTimestamp());
}
