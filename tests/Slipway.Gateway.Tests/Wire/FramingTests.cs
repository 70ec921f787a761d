using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Slipway.Gateway.Wire;

namespace Slipway.Gateway.Tests.Wire;

public sealed class FramingTests
{
    [Fact]
    public void Chunks_are_put_together_however_they_arrive() => Gen.Select(Gen.Byte.Array[0, 200].Array[0, 8], Gen.Int[1, 40], Gen.Bool).Sample(static (parts, step, extras) =>
    {
        var content = parts.SelectMany(static p => p).ToArray();
        var wire = new List<byte>();
        foreach (var part in parts.Where(static p => p.Length > 0))
        {
            wire.AddRange(Encoding.ASCII.GetBytes($"{part.Length:X}{(extras ? ";name=\"value\"" : "")}\r\n"));
            wire.AddRange(part);
            wire.AddRange("\r\n"u8);
        }

        wire.AddRange(Encoding.ASCII.GetBytes(extras ? "000\r\nTrailer: x\r\nOther: y\r\n\r\n" : "0\r\n\r\n"));
        wire.AddRange("HTTP/1.1"u8);
        var (reader, got, at) = (default(ChunkedReader), new List<byte>(), 0);
        while (!reader.IsDone)
        {
            var input = wire.Skip(at).Take(step).ToArray();
            if (input.Length == 0 || !reader.Next(input, out var consumed, out var data)) return false;
            got.AddRange(data);
            at += consumed;
        }

        return got.SequenceEqual(content) && at == wire.Count - "HTTP/1.1".Length;
    });

    [Theory]
    [InlineData("\r\n")]
    [InlineData("x\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("4\nabcd")]
    [InlineData("4\r\nabcdx")]
    [InlineData("ffffffffffffffffffff\r\n")]
    [InlineData("0\r\n\n")]
    [InlineData("4;a\nb\r\n")]
    public void Framing_that_two_could_read_in_two_ways_is_none(string wire)
    {
        var reader = default(ChunkedReader);
        var input = Encoding.ASCII.GetBytes(wire).AsSpan();
        while (!input.IsEmpty)
        {
            if (!reader.Next(input, out var consumed, out _)) return;
            input = input[consumed..];
        }

        Assert.Fail($"{wire} was taken");
    }

    [Fact]
    public void Nothing_that_comes_is_more_than_refused() => Gen.Byte.Array[0, 300].Sample(static bytes =>
    {
        var reader = default(ChunkedReader);
        var input = bytes.AsSpan();
        while (!input.IsEmpty && !reader.IsDone && reader.Next(input, out var consumed, out _)) input = input[consumed..];
        ResponseHead.TryRead(bytes, new HeaderDictionary(), out _);
        ResponseHead.TryRead([.. "HTTP/1.1 200 OK\r\n"u8, .. bytes], new HeaderDictionary(), out _);
    });

    [Fact]
    public void A_head_is_read_as_it_is_meant()
    {
        var headers = new HeaderDictionary();
        Assert.True(ResponseHead.TryRead("HTTP/1.1 200 OK\r\ncontent-type:text/event-stream\r\nX-A: 1\r\nx-a:\t2 \r\nTransfer-Encoding: Chunked\r\nConnection: keep-alive, x"u8, headers, out var head));
        Assert.Equal(new ResponseHead(200, null, true, true), head);
        Assert.Equal(("text/event-stream", "1,2"), (headers["Content-Type"].ToString(), headers["X-A"].ToString()));
        Assert.Equal(2, headers.Count);
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2", 200, 2L, false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: Keep-Alive", 200, 2L, true)]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 2\r\nConnection: close", 200, 2L, false)]
    [InlineData("HTTP/1.1 200 \r\nX: y", 200, null, false)]
    [InlineData("HTTP/1.1 204 No Content", 204, null, true)]
    public void Whether_a_connection_is_kept_is_up_to_both(string text, int status, long? length, bool reusable)
    {
        Assert.True(ResponseHead.TryRead(Encoding.ASCII.GetBytes(text), new HeaderDictionary(), out var head));
        Assert.Equal(new ResponseHead(status, length, false, reusable), head);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/2 200 OK")]
    [InlineData("HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1 +20 OK")]
    [InlineData("HTTP/1.1 200 OK\r\n folded: x")]
    [InlineData("HTTP/1.1 200 OK\r\nName : x")]
    [InlineData("HTTP/1.1 200 OK\r\n: x")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\rb")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\0b")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1 2")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: ")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked")]
    public void A_head_that_is_doubtful_is_none(string text) => Assert.False(ResponseHead.TryRead(Encoding.ASCII.GetBytes(text), new HeaderDictionary(), out _));
}
