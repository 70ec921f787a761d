namespace Slipway.ApiServer.Schemas;

/// <summary>Where a text stops being base64, counted as Go's decoder counts, since servers name the place (RFC 4648, section 4).</summary>
internal static class Base64Text
{
    /// <returns>The index of the fault, or <see langword="null"/> when the text can be decoded.</returns>
    public static int? Fault(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (true)
        {
            var read = 0;
            for (; read < 4; at++)
            {
                if (at == text.Length) return read == 0 ? null : at - read;
                var c = text[at];
                if (c is '\r' or '\n') continue;
                if (c == '=') return Padding(text, at, read);
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/')) return at;
                read++;
            }
        }
    }

    // Two or three characters may be filled up to four, and nothing may follow.
    private static int? Padding(ReadOnlySpan<char> text, int at, int read)
    {
        if (read < 2) return at;
        var next = Skip(text, at + 1);
        if (read == 2)
        {
            if (next == text.Length) return text.Length;
            if (text[next] != '=') return next - 1;
            next = Skip(text, next + 1);
        }

        return next < text.Length ? next : null;
    }

    private static int Skip(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ('\r' or '\n')) at++;
        return at;
    }
}
