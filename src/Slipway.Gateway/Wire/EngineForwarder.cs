using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Routing;

namespace Slipway.Gateway.Wire;

/// <summary>What became of a request that was taken to an engine.</summary>
internal enum ForwardOutcome
{
    /// <summary>The client has the engine's answer, whatever it says.</summary>
    Done,

    /// <summary>The client has gone.</summary>
    ClientGone,

    /// <summary>Nobody accepts connections there; the client has nothing yet.</summary>
    Unreachable,

    /// <summary>The engine said nothing for too long; the client has nothing yet.</summary>
    Silent,

    /// <summary>The engine ended the connection, or what it said is no HTTP; the client has nothing yet.</summary>
    Broken,

    /// <summary>The same, in the middle of an answer: the client's connection was ended too, so that half an answer is not taken for a whole one.</summary>
    Cut,
}

/// <summary>
/// Carries requests to engines and answers back, over kept HTTP/1.1 connections. It does what a gateway on a hot path needs and no more: one
/// engine protocol, no redirects, no cookies, no proxies; see docs/designs/0003-the-gateways-own-wire.md for the figures beside a general client.
/// </summary>
internal sealed class EngineForwarder : IDisposable
{
    // A prompt up to here goes out with its head at once, and can be sent again where a kept connection turns out to be closed. Longer ones go out
    // in parts of this size: an engine can begin with nothing less than all of it, and each part costs as much as it would by itself.
    private const int ShortBody = 64 * 1024;

    private static readonly TimeSpan s_sweep = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, EnginePool> _pools = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _sweeping;

    /// <param name="time">The clock.</param>
    /// <param name="silence">How long an engine may say nothing: it may think for long before its first token.</param>
    public EngineForwarder(TimeProvider time, TimeSpan silence)
    {
        (_time, Silence) = (time, silence);
        _sweeping = time.CreateTimer(static state => ((EngineForwarder)state!).Sweep(), this, s_sweep, s_sweep);
    }

    /// <summary>How long an engine may say nothing.</summary>
    public TimeSpan Silence { get; }

    /// <summary>Takes a request to an engine.</summary>
    public async Task<ForwardOutcome> SendAsync(HttpContext context, Backend backend)
    {
        var pool = _pools.GetOrAdd(backend.Address, static (_, made) => new EnginePool(made.Wire, made.Time), (backend.Wire, Time: _time));
        for (var fresh = false; ; fresh = true)
        {
            EngineConnection connection;
            try
            {
                connection = await pool.TakeAsync(fresh, context.RequestAborted);
            }
            catch (Exception unreachable) when (unreachable is SocketException or TimeoutException)
            {
                return ForwardOutcome.Unreachable;
            }
            catch (OperationCanceledException)
            {
                return ForwardOutcome.ClientGone;
            }

            var exchange = new Exchange(context, connection, pool.Address);
            var clientGone = context.RequestAborted.UnsafeRegister(static c => ((EngineConnection)c!).Abort(), connection);
            var (outcome, again) = await exchange.RunAsync();
            // Before anybody else may have the connection.
            await clientGone.DisposeAsync();
            if (exchange.Reusable) pool.Return(connection);
            else pool.Drop(connection);
            if (!again) return outcome;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sweeping.Dispose();
        foreach (var pool in _pools.Values) pool.Dispose();
    }

    private void Sweep()
    {
        foreach (var pool in _pools.Values) pool.Sweep(Silence);
    }

    /// <summary>One request and its answer on one connection.</summary>
    private sealed class Exchange(HttpContext context, EngineConnection connection, EngineAddress address)
    {
        private ResponseHead _head;
        private bool _answered, _passedOn, _held;

        /// <summary>Whether the connection is where another request may begin.</summary>
        public bool Reusable { get; private set; }

        public async ValueTask<(ForwardOutcome Outcome, bool Again)> RunAsync()
        {
            var body = context.Request.BodyReader;
            ReadResult read;
            try
            {
                read = await body.ReadAtLeastAsync(ShortBody);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                return (ForwardOutcome.ClientGone, false);
            }

            _held = read.IsCompleted && read.Buffer.Length <= ShortBody;
            RequestHead.Write(connection.Outgoing, context, address, context.Request.ContentLength ?? (read.IsCompleted ? read.Buffer.Length : null));
            // An engine may refuse a long prompt before it has all of it.
            var sending = _held ? SendHeldAsync(read.Buffer) : PumpAsync(body, read);
            (ForwardOutcome Outcome, bool Again) result;
            try
            {
                if (_held) await sending;
                await HeadAsync();
                await BodyAsync();
                Reusable = _head.Reusable && sending.IsCompletedSuccessfully;
                result = (ForwardOutcome.Done, false);
            }
            catch (Exception failed) when (IsOfTheWire(failed))
            {
                result = Judge();
            }

            if (!sending.IsCompleted)
            {
                connection.Abort();
                body.CancelPendingRead();
            }

            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // Taken for good, or left as it was for another try: Kestrel must find its reader at rest.
            if (_held) body.AdvanceTo(result.Again ? read.Buffer.Start : read.Buffer.End);
            return result;
        }

        private (ForwardOutcome Outcome, bool Again) Judge()
        {
            if (context.RequestAborted.IsCancellationRequested) return (ForwardOutcome.ClientGone, false);
            if (_passedOn)
            {
                context.Abort();
                return (ForwardOutcome.Cut, false);
            }

            if (connection.Silent) return (ForwardOutcome.Silent, false);
            // Closed by the engine while nobody used it: it never saw the request (RFC 9112 §9.3.1).
            return (ForwardOutcome.Broken, _held && !_answered && connection.Carried > 0);
        }

        private Task SendHeldAsync(ReadOnlySequence<byte> body)
        {
            foreach (var part in body) connection.Outgoing.Write(part.Span);
            return connection.SendAsync(connection.Outgoing.WrittenMemory).AsTask();
        }

        private async Task PumpAsync(PipeReader body, ReadResult read)
        {
            var chunked = context.Request.ContentLength is null && !read.IsCompleted;
            var engineGone = false;
            try
            {
                await connection.SendAsync(connection.Outgoing.WrittenMemory);
            }
            catch (Exception gone) when (IsOfTheWire(gone))
            {
                engineGone = true;
            }

            while (true)
            {
                try
                {
                    if (!engineGone) await PartAsync(read.Buffer, chunked);
                }
                catch (Exception gone) when (IsOfTheWire(gone))
                {
                    // Its answer may still be on the way, a refusal for one. The client goes on to be heard out, so that it hears too.
                    engineGone = true;
                }

                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled) break;
                try
                {
                    read = await body.ReadAtLeastAsync(ShortBody);
                }
                catch (Exception)
                {
                    // The client stopped in the middle: the engine must not wait for the rest.
                    connection.Abort();
                    throw;
                }
            }

            if (engineGone || read.IsCanceled) throw new IOException("the engine does not have all of the request");
            if (chunked) await connection.SendAsync("0\r\n\r\n"u8.ToArray());
        }

        private async ValueTask PartAsync(ReadOnlySequence<byte> part, bool chunked)
        {
            if (part.IsEmpty) return;
            if (chunked) await connection.SendAsync(Encoding.ASCII.GetBytes(part.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            await connection.SendAsync(part);
            if (chunked) await connection.SendAsync("\r\n"u8.ToArray());
        }

        private static bool IsOfTheWire(Exception e) => e is SocketException or ObjectDisposedException or IOException or OperationCanceledException or InvalidDataException;

        private async ValueTask HeadAsync()
        {
            while (true)
            {
                while (connection.Incoming.IndexOf("\r\n\r\n"u8) is var end && end >= 0)
                {
                    if (!ResponseHead.TryRead(connection.Incoming[..end], context.Response.Headers, out _head)) throw new InvalidDataException("what the engine said is no HTTP");
                    connection.Consume(end + 4);
                    if (!_head.IsInterim) return;
                    context.Response.Headers.Clear();
                }

                if (!await connection.ReceiveAsync()) throw new IOException("the engine ended the connection");
                _answered = true;
            }
        }

        private async ValueTask BodyAsync()
        {
            context.Response.StatusCode = _head.Status;
            if (_head.HasNoBody) return;
            _passedOn = true;
            var writer = context.Response.BodyWriter;
            if (_head.Chunked) await ChunksAsync(writer);
            else if (_head.Length is { } length)
            {
                context.Response.ContentLength = length;
                await BytesAsync(writer, length);
            }
            else await BytesAsync(writer, null);
        }

        private async ValueTask BytesAsync(PipeWriter writer, long? length)
        {
            var left = length ?? long.MaxValue;
            while (left > 0)
            {
                int got;
                if (connection.Incoming.Length > 0)
                {
                    got = (int)Math.Min(left, connection.Incoming.Length);
                    writer.Write(connection.Incoming[..got]);
                    connection.Consume(got);
                }
                else
                {
                    var memory = writer.GetMemory();
                    got = await connection.ReceiveAsync(left < memory.Length ? memory[..(int)left] : memory);
                    if (got == 0 && length is null) return;
                    if (got == 0) throw new IOException("the engine ended the connection in the middle of an answer");
                    writer.Advance(got);
                }

                left -= got;
                // The last bytes go with the end of the answer.
                if (left > 0) await FlushAsync(writer);
            }
        }

        private async ValueTask ChunksAsync(PipeWriter writer)
        {
            var chunks = default(ChunkedReader);
            while (true)
            {
                var wrote = false;
                while (!chunks.IsDone && connection.Incoming.Length > 0)
                {
                    if (!chunks.Next(connection.Incoming, out var consumed, out var data)) throw new InvalidDataException("the engine's chunks make no sense");
                    writer.Write(data);
                    wrote |= !data.IsEmpty;
                    connection.Consume(consumed);
                }

                if (chunks.IsDone) return;
                if (wrote) await FlushAsync(writer);
                if (!await connection.ReceiveAsync()) throw new IOException("the engine ended the connection in the middle of an answer");
            }
        }

        private static async ValueTask FlushAsync(PipeWriter writer)
        {
            if ((await writer.FlushAsync()).IsCompleted) throw new OperationCanceledException("the client has gone");
        }
    }
}
