using System.Globalization;
using System.Text;

namespace Slipway.Cel.Syntax;

/// <summary>Escape sequences of string and bytes literals (CEL spec, "String and bytes values").</summary>
internal static class Escapes
{
    public static string String(ReadOnlySpan<char> body, int position)
    {
        var result = new StringBuilder(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                result.Append(body[i++]);
                continue;
            }

            var code = Read(body, ref i, position, out _);
            if (!Rune.IsValid(code)) throw new SyntaxException(position + i, "an escape outside Unicode's scalar values");
            result.Append(new Rune(code).ToString());
        }

        return result.ToString();
    }

    public static byte[] Bytes(ReadOnlySpan<char> body, int position)
    {
        var result = new MemoryStream(body.Length);
        for (var i = 0; i < body.Length;)
        {
            if (body[i] != '\\')
            {
                var run = i;
                while (i < body.Length && body[i] != '\\') i++;
                result.Write(Encoding.UTF8.GetBytes(body[run..i].ToString()));
                continue;
            }

            var code = Read(body, ref i, position, out var unicode);
            if (unicode) throw new SyntaxException(position + i, "\\u and \\U are not for bytes");
            result.WriteByte((byte)code);
        }

        return result.ToArray();
    }

    private static int Read(ReadOnlySpan<char> body, ref int i, int position, out bool unicode)
    {
        unicode = false;
        var c = body[i + 1];
        i += 2;
        switch (c)
        {
            case 'a': return 7;
            case 'b': return 8;
            case 'f': return 12;
            case 'n': return 10;
            case 'r': return 13;
            case 't': return 9;
            case 'v': return 11;
            case '\\' or '?' or '"' or '\'' or '`': return c;
            case 'x' or 'X': return Digits(body, ref i, 2, position);
            case 'u':
                unicode = true;
                return Digits(body, ref i, 4, position);
            case 'U':
                unicode = true;
                return Digits(body, ref i, 8, position);
            case >= '0' and <= '3' when i + 1 < body.Length && body[i] is >= '0' and <= '7' && body[i + 1] is >= '0' and <= '7':
                i += 2;
                return (c - '0') * 64 + (body[i - 2] - '0') * 8 + (body[i - 1] - '0');
            default: throw new SyntaxException(position + i - 2, "unknown escape sequence");
        }
    }

    private static int Digits(ReadOnlySpan<char> body, ref int i, int count, int position)
    {
        if (i + count > body.Length
            || !int.TryParse(body.Slice(i, count), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw new SyntaxException(position + i, "too few hexadecimal digits in an escape");
        }

        i += count;
        return code;
    }
}
