using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.Gateway.Wire;

/// <summary>What the head of an engine's answer says of its framing.</summary>
/// <param name="Status">The status.</param>
/// <param name="Length">Bytes of the body; null when it is chunked, or goes on to the end of the connection.</param>
/// <param name="Chunked">Whether the body is chunked.</param>
/// <param name="Reusable">Whether the connection may carry another request after it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ResponseHead(int Status, long? Length, bool Chunked, bool Reusable)
{
    private static readonly SearchValues<byte> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // Everything that could end a line, or a string in what reads it.
    private static readonly SearchValues<byte> s_control = SearchValues.Create([.. Enumerable.Range(0, 32).Where(static c => c != '\t').Append(127).Select(static c => (byte)c)]);

    /// <summary>Whether the answer is only a sign of life (1xx), with the real one to come.</summary>
    public bool IsInterim => Status is >= 100 and < 200;

    /// <summary>Whether there can be no body, whatever the headers say (RFC 9112 §6.3).</summary>
    public bool HasNoBody => IsInterim || Status is 204 or 304;

    /// <summary>Reads a whole head, strictly (RFC 9112 §4 and §5): what is doubtful is no answer, since two readers of it could disagree where it ends.</summary>
    /// <param name="head">From the status line to before the empty line.</param>
    /// <param name="headers">Gets what is meant for the client; hop-by-hop headers are not.</param>
    /// <param name="read">What it says.</param>
    /// <returns>Whether it makes sense.</returns>
    public static bool TryRead(ReadOnlySpan<byte> head, IHeaderDictionary headers, out ResponseHead read)
    {
        read = default;
        var line = Line(ref head);
        // "HTTP/1.x SP 3DIGIT SP reason"
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1') || line[8] != ' ' || (line.Length > 12 && line[12] != ' ')
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3 || status is < 100 or > 599) return false;
        var reusable = line[7] == '1';
        long? length = null;
        var chunked = false;
        while (!head.IsEmpty)
        {
            line = Line(ref head);
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) return false;
            var name = line[..colon];
            var value = line[(colon + 1)..].Trim(" \t"u8);
            // A space before the colon, a folded line, a naked return or feed: each has hidden a header from somebody.
            if (name.ContainsAnyExcept(s_token) || value.ContainsAny(s_control)) return false;
            if (Is(name, "content-length"u8))
            {
                if (!Utf8Parser.TryParse(value, out long bytes, out var used) || used != value.Length || bytes < 0 || value[0] is (byte)'+' or (byte)'-' || (length ?? bytes) != bytes) return false;
                length = bytes;
            }
            else if (Is(name, "transfer-encoding"u8))
            {
                if (chunked || !Is(value, "chunked"u8)) return false;
                chunked = true;
            }
            else if (Is(name, "connection"u8)) reusable = Closes(value, reusable);
            else if (!IsHopByHop(name)) headers.Append(Known.Name(name), Known.Value(value));
        }

        // Both at once is how requests are smuggled: the chunks count, and nothing follows them (RFC 9112 §6.3).
        if (chunked && length is not null) (length, reusable) = (null, false);
        if (length is null && !chunked && status is not (204 or 304) and >= 200) reusable = false;
        read = new ResponseHead(status, length, chunked, reusable);
        return true;
    }

    private static bool Closes(ReadOnlySpan<byte> value, bool reusable)
    {
        foreach (var part in value.Split((byte)','))
        {
            var word = value[part].Trim(" \t"u8);
            if (Is(word, "close"u8)) return false;
            if (Is(word, "keep-alive"u8)) reusable = true;
        }

        return reusable;
    }

    // RFC 9110 §7.6.1.
    private static bool IsHopByHop(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => Is(name, "te"u8),
        7 => Is(name, "trailer"u8) || Is(name, "upgrade"u8),
        10 => Is(name, "keep-alive"u8),
        16 => Is(name, "proxy-connection"u8),
        _ => false,
    };

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(text, lower);

    private static ReadOnlySpan<byte> Line(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf("\r\n"u8);
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 2)..];
        return line;
    }

    /// <summary>The words that nearly every answer has, so that they are not made anew for each.</summary>
    private static class Known
    {
        private static readonly string[] s_names = ["Content-Type", "Date", "Server", "Cache-Control", "Access-Control-Allow-Origin", "X-Request-Id"];
        private static readonly string[] s_values = ["application/json", "application/json; charset=utf-8", "text/event-stream", "text/event-stream; charset=utf-8", "no-cache", "llama.cpp", "uvicorn", "*"];

        public static string Name(ReadOnlySpan<byte> name) => Find(s_names, name) ?? Encoding.ASCII.GetString(name);

        // Whatever is beyond ASCII is opaque (RFC 9110 §5.5): Latin-1 keeps each byte as it is.
        public static string Value(ReadOnlySpan<byte> value) => Find(s_values, value) ?? Encoding.Latin1.GetString(value);

        private static string? Find(string[] words, ReadOnlySpan<byte> text)
        {
            foreach (var word in words)
            {
                if (word.Length == text.Length && Ascii.Equals(text, word)) return word;
            }

            return null;
        }
    }
}
