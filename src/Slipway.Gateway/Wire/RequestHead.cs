using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Slipway.Gateway.Wire;

/// <summary>Writes the head of a request to an engine: the client's, without what is between the client and the gateway alone.</summary>
internal static class RequestHead
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Gets it.</param>
    /// <param name="context">The client's request, whose names and values Kestrel has checked.</param>
    /// <param name="target">The engine.</param>
    /// <param name="length">Bytes of the body; null for one whose length is not known, which goes in chunks.</param>
    public static void Write(IBufferWriter<byte> writer, HttpContext context, EngineAddress target, long? length)
    {
        Text(writer, context.Request.Method);
        writer.Write(" "u8);
        Text(writer, target.Prefix);
        Text(writer, Target(context));
        writer.Write(" HTTP/1.1\r\nHost: "u8);
        Text(writer, target.Authority);
        writer.Write("\r\n"u8);
        var connection = context.Request.Headers.Connection;
        foreach (var (name, values) in context.Request.Headers)
        {
            if (IsOurs(name) || (connection.Count > 0 && Names(connection, name))) continue;
            foreach (var value in values)
            {
                Text(writer, name);
                writer.Write(": "u8);
                Text(writer, value ?? "");
                writer.Write("\r\n"u8);
            }
        }

        if (length is { } bytes)
        {
            writer.Write("Content-Length: "u8);
            var span = writer.GetSpan(20);
            bytes.TryFormat(span, out var written, provider: CultureInfo.InvariantCulture);
            writer.Advance(written);
            writer.Write("\r\n\r\n"u8);
        }
        else
        {
            writer.Write("Transfer-Encoding: chunked\r\n\r\n"u8);
        }
    }

    // As it was sent, so that nothing is decoded and encoded again; a proxy's form of it is made plain.
    private static string Target(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] raw ? raw : $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString.ToUriComponent()}";

    // Hop by hop (RFC 9110 §7.6.1), or written by us.
    private static bool IsOurs(string name) => name.Length switch
    {
        2 => Is(name, "TE"),
        4 => Is(name, "Host"),
        6 => Is(name, "Expect"),
        7 => Is(name, "Trailer") || Is(name, "Upgrade"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "Content-Length"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        19 => Is(name, "Proxy-Authorization"),
        _ => name.Length > 0 && name[0] == ':',
    };

    private static bool Names(StringValues connection, string name)
    {
        foreach (var value in connection)
        {
            foreach (var part in (value ?? "").AsSpan().Split(','))
            {
                if (value.AsSpan()[part].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    // Kestrel reads values as UTF-8.
    private static void Text(IBufferWriter<byte> writer, string text) => writer.Advance(Encoding.UTF8.GetBytes(text, writer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
}
