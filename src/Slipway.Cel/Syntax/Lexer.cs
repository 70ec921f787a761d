using System.Globalization;

namespace Slipway.Cel.Syntax;

/// <summary>Splits an expression into tokens by hand: linear in its length for any input.</summary>
internal sealed class Lexer(string text)
{
    private int _at;

    public List<Token> All()
    {
        var tokens = new List<Token>(text.Length / 3 + 1);
        while (true)
        {
            SkipBlanks();
            var token = _at < text.Length ? Next() : new Token(TokenKind.End, _at, "");
            tokens.Add(token);
            if (token.Kind == TokenKind.End) return tokens;
        }
    }

    private char Peek(int ahead = 0) => _at + ahead < text.Length ? text[_at + ahead] : '\0';

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _at++;
            }
            else if (text[_at] == '/' && Peek(1) == '/')
            {
                while (_at < text.Length && text[_at] != '\n') _at++;
            }
            else
            {
                return;
            }
        }
    }

    private Token Next()
    {
        var c = text[_at];
        if (char.IsAsciiDigit(c) || c == '.' && char.IsAsciiDigit(Peek(1))) return Number();
        if (StringPrefix() is { } prefix) return Quoted(prefix);
        if (c == '_' || char.IsAsciiLetter(c)) return Word();
        if (c == '`') return QuotedField();
        return Symbol(c);
    }

    private Token Word()
    {
        var start = _at;
        while (Peek() == '_' || char.IsAsciiLetterOrDigit(Peek())) _at++;
        var word = text[start.._at];
        var kind = word switch
        {
            "true" => TokenKind.True,
            "false" => TokenKind.False,
            "null" => TokenKind.Null,
            "in" => TokenKind.In,
            _ => TokenKind.Identifier,
        };
        return new Token(kind, start, word);
    }

    private Token QuotedField()
    {
        var start = _at++;
        while (Peek() is '_' or '.' or '-' or '/' or ' ' || char.IsAsciiLetterOrDigit(Peek())) _at++;
        if (Peek() != '`' || _at == start + 1) throw new SyntaxException(start, "unterminated or malformed quoted field name");
        return new Token(TokenKind.QuotedIdentifier, start, text[(start + 1).._at++]);
    }

    private Token Number()
    {
        var start = _at;
        if (Peek() == '0' && Peek(1) is 'x' or 'X' && char.IsAsciiHexDigit(Peek(2)))
        {
            _at += 2;
            while (char.IsAsciiHexDigit(Peek())) _at++;
            return Integer(start);
        }

        while (char.IsAsciiDigit(Peek())) _at++;
        var isDouble = false;
        if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isDouble = true;
            _at++;
            while (char.IsAsciiDigit(Peek())) _at++;
        }

        if (Peek() is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2))))
        {
            isDouble = true;
            _at += 2;
            while (char.IsAsciiDigit(Peek())) _at++;
        }

        return isDouble ? new Token(TokenKind.Double, start, text[start.._at]) : Integer(start);
    }

    private Token Integer(int start)
    {
        var digits = text[start.._at];
        if (Peek() is not ('u' or 'U')) return new Token(TokenKind.Int, start, digits);
        _at++;
        return new Token(TokenKind.Uint, start, digits);
    }

    private readonly record struct Prefix(int Length, bool Raw, bool Bytes);

    private Prefix? StringPrefix()
    {
        bool Quote(int i) => Peek(i) is '"' or '\'';
        if (Quote(0)) return new Prefix(0, false, false);
        if (Peek() is 'r' or 'R' && Quote(1)) return new Prefix(1, true, false);
        if (Peek() is not ('b' or 'B')) return null;
        if (Quote(1)) return new Prefix(1, false, true);
        return Peek(1) is 'r' or 'R' && Quote(2) ? new Prefix(2, true, true) : null;
    }

    private Token Quoted(Prefix prefix)
    {
        var start = _at;
        _at += prefix.Length;
        var quote = Peek();
        var triple = Peek(1) == quote && Peek(2) == quote;
        _at += triple ? 3 : 1;
        var from = _at;
        while (true)
        {
            if (_at >= text.Length) throw new SyntaxException(start, "unterminated string");
            var c = text[_at];
            if (c == quote && (!triple || Peek(1) == quote && Peek(2) == quote)) break;
            if (!triple && c is '\n' or '\r') throw new SyntaxException(start, "a string in single quotes ends on its own line");
            _at += c == '\\' && !prefix.Raw ? 2 : 1;
        }

        var body = text.AsSpan(from, _at - from);
        _at += triple ? 3 : 1;
        if (prefix.Bytes)
        {
            return new Token(TokenKind.Bytes, start, "", prefix.Raw ? System.Text.Encoding.UTF8.GetBytes(body.ToString()) : Escapes.Bytes(body, from));
        }

        return new Token(TokenKind.String, start, prefix.Raw ? body.ToString() : Escapes.String(body, from));
    }

    private Token Symbol(char c)
    {
        var (kind, length) = (c, Peek(1)) switch
        {
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessEqual, 2),
            ('>', '=') => (TokenKind.GreaterEqual, 2),
            ('&', '&') => (TokenKind.And, 2),
            ('|', '|') => (TokenKind.Or, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('!', _) => (TokenKind.Not, 1),
            ('.', _) => (TokenKind.Dot, 1),
            (',', _) => (TokenKind.Comma, 1),
            (':', _) => (TokenKind.Colon, 1),
            ('?', _) => (TokenKind.Question, 1),
            ('(', _) => (TokenKind.LeftParen, 1),
            (')', _) => (TokenKind.RightParen, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Star, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            _ => throw new SyntaxException(_at, string.Create(CultureInfo.InvariantCulture, $"unexpected character U+{(int)c:X4}")),
        };
        _at += length;
        return new Token(kind, _at - length, text.Substring(_at - length, length));
    }
}
