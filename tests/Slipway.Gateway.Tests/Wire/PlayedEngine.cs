using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slipway.Gateway.Tests.Wire;

/// <summary>An engine that is played byte by byte: what it says need not be HTTP.</summary>
internal sealed class PlayedEngine : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly Func<PlayedConnection, Task> _play;
    private int _connections;

    public PlayedEngine(Func<PlayedConnection, Task> play)
    {
        _play = play;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Connections that were accepted.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var socket = await _listener.AcceptSocketAsync(_stop.Token);
            var number = Interlocked.Increment(ref _connections);
            _ = Task.Run(async () =>
            {
                using (socket) await _play(new PlayedConnection(socket, number, _stop.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            });
        }
    }
}

/// <summary>A connection to a played engine.</summary>
internal sealed class PlayedConnection(Socket socket, int number, CancellationToken stop)
{
    private readonly List<byte> _rest = [];

    /// <summary>Which one, from 1.</summary>
    public int Number => number;

    /// <summary>Reads up to the end of a head.</summary>
    public async Task<string> HeadAsync()
    {
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. _rest]);
            if (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end && end >= 0)
            {
                _rest.RemoveRange(0, end + 4);
                return text[..end];
            }

            if (!await MoreAsync()) throw new IOException("the client ended the connection");
        }
    }

    /// <summary>Reads bytes of a body.</summary>
    public async Task<string> BytesAsync(int count)
    {
        while (_rest.Count < count && await MoreAsync())
        {
            // Until they are all there.
        }

        var text = Encoding.Latin1.GetString([.. _rest.Take(count)]);
        _rest.RemoveRange(0, Math.Min(count, _rest.Count));
        return text;
    }

    /// <summary>Reads a line.</summary>
    public async Task<string> LineAsync()
    {
        var line = "";
        while (await BytesAsync(1) is [var next] && next != '\n') line += next;
        return line.TrimEnd('\r');
    }

    /// <summary>Reads a request with a length.</summary>
    public async Task<string> RequestAsync()
    {
        var head = await HeadAsync();
        var length = head.Split("\r\n").Single(static l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))["Content-Length:".Length..];
        return head + "\r\n\r\n" + await BytesAsync(int.Parse(length));
    }

    public async Task SayAsync(string text) => await socket.SendAsync(Encoding.Latin1.GetBytes(text), stop);

    /// <summary>Answers whole, and keeps the connection.</summary>
    public Task AnswerAsync(string body) => SayAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    /// <summary>Waits until the other side ends the connection.</summary>
    public async Task GoneAsync()
    {
        while (await MoreAsync())
        {
            // What comes until then does not matter.
        }
    }

    private async Task<bool> MoreAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            var got = await socket.ReceiveAsync(buffer, stop);
            _rest.AddRange(buffer.AsSpan(0, got));
            return got > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
