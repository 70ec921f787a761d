using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Picking;
using Slipway.Gateway.Recording;

namespace Slipway.Gateway.Wire;

/// <summary>One request and its answer on one connection.</summary>
internal sealed class Exchange(HttpContext context, EngineConnection connection, EngineAddress address, Capture? capture, RetryBudget? retries)
{
    // A prompt up to here goes out with its head at once, and can be sent again where a kept connection turns out to be closed. Longer ones go out
    // in parts of this size: an engine can begin with nothing less than all of it, and each part costs as much as it would by itself.
    private const int ShortBody = 64 * 1024;

    // Where another engine could have it, a prompt is kept until this one answers, as long as Kestrel has it anyway: it was looked at to pick an engine.
    private const int LongestHeld = PromptPrefix.MostBytes;

    private ResponseHead _head;
    private bool _answered, _passedOn, _passedOver, _held;

    /// <summary>Whether the connection is where another request may begin.</summary>
    public bool Reusable { get; private set; }

    public async ValueTask<(ForwardOutcome Outcome, bool Again)> RunAsync()
    {
        var body = context.Request.BodyReader;
        connection.Meter.Reset();
        capture?.Reset();
        ReadResult read;
        try
        {
            read = await body.ReadAtLeastAsync(ShortBody);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            return (ForwardOutcome.ClientGone, false);
        }

        var isShort = read.IsCompleted && read.Buffer.Length <= ShortBody;
        _held = isShort || (retries is not null && read.IsCompleted && read.Buffer.Length <= LongestHeld);
        RequestHead.Write(connection.Outgoing, context, address, context.Request.ContentLength ?? (read.IsCompleted ? read.Buffer.Length : null));
        // An engine may refuse a long prompt before it has all of it.
        var sending = isShort ? SendShortAsync(read.Buffer) : _held ? SendHeldAsync(read.Buffer) : PumpAsync(body, read);
        (ForwardOutcome Outcome, bool Again) result;
        try
        {
            if (isShort) await sending;
            await HeadAsync();
            var away = IsTurnedAway();
            if (away) PassOver();
            else await BodyAsync();
            Reusable = _head.Reusable && sending.IsCompletedSuccessfully && (!away || _passedOver);
            result = (away ? ForwardOutcome.TurnedAway : ForwardOutcome.Done, false);
        }
        catch (Exception failed) when (IsOfTheWire(failed))
        {
            result = Judge();
        }

        if (!sending.IsCompleted)
        {
            connection.Abort();
            if (!_held) body.CancelPendingRead();
        }

        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Taken for good, or left as it was for another try: Kestrel must find its reader at rest.
        if (_held) Take(body, result.Again || result.Outcome is ForwardOutcome.TurnedAway ? read.Buffer.Start : read.Buffer.End);
        return result;
    }

    private static void Take(PipeReader body, SequencePosition to)
    {
        try
        {
            body.AdvanceTo(to);
        }
        catch (Exception gone) when (IsOfTheWire(gone))
        {
            // The client's connection has ended, by us or by it: nothing of it is read any more.
        }
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

    // It did nothing yet with the request, and nobody has heard of its answer.
    private bool IsTurnedAway() =>
        _held && _head.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests && retries?.TrySpend() is true;

    // The status stays, to judge the engine by.
    private void PassOver()
    {
        context.Response.StatusCode = _head.Status;
        context.Response.Headers.Clear();
        // Mostly its words are there already; waiting for them is not worth a connection.
        if (_head.Length is not { } length || length > connection.Incoming.Length) return;
        connection.Consume((int)length);
        _passedOver = true;
    }

    private async Task SendHeldAsync(ReadOnlySequence<byte> body)
    {
        capture?.Asked(body);
        await connection.SendAsync(connection.Outgoing.WrittenMemory);
        await connection.SendAsync(body);
    }

    private Task SendShortAsync(ReadOnlySequence<byte> body)
    {
        capture?.Asked(body);
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
            capture?.Asked(read.Buffer);
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
        connection.Meter.Begin(context.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) is true);
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
        var (left, flushed) = (length ?? long.MaxValue, false);
        while (left > 0)
        {
            int got;
            if (connection.Incoming.Length > 0)
            {
                got = (int)Math.Min(left, connection.Incoming.Length);
                Saw(connection.Incoming[..got]);
                writer.Write(connection.Incoming[..got]);
                connection.Consume(got);
            }
            else
            {
                var memory = writer.GetMemory();
                got = await connection.ReceiveAsync(left < memory.Length ? memory[..(int)left] : memory);
                if (got == 0 && length is null) return;
                if (got == 0) throw new IOException("the engine ended the connection in the middle of an answer");
                Saw(memory.Span[..got]);
                writer.Advance(got);
            }

            left -= got;
            // Short answers go with their end. Behind what went before, Kestrel sends nothing of a length by itself: the rest would stay with us, and the client would wait for it.
            if (left > 0 || flushed) await FlushAsync(writer);
            flushed = true;
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
                Saw(data);
                writer.Write(data);
                wrote |= !data.IsEmpty;
                connection.Consume(consumed);
            }

            if (chunks.IsDone) return;
            if (wrote) await FlushAsync(writer);
            if (!await connection.ReceiveAsync()) throw new IOException("the engine ended the connection in the middle of an answer");
        }
    }

    private void Saw(ReadOnlySpan<byte> piece)
    {
        connection.Meter.Saw(piece, connection.Active);
        capture?.Answered(piece);
    }

    private static async ValueTask FlushAsync(PipeWriter writer)
    {
        if ((await writer.FlushAsync()).IsCompleted) throw new OperationCanceledException("the client has gone");
    }
}
