namespace Slipway.Cel.Syntax;

internal enum TokenKind
{
    End, Identifier, QuotedIdentifier, Int, Uint, Double, String, Bytes, True, False, Null, In,
    Dot, Comma, Colon, Question, LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace,
    Plus, Minus, Star, Slash, Percent, Not, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, And, Or,
}

/// <summary>One token: <paramref name="Text"/> is an identifier's name, a number's digits or a string's unescaped value.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, string Text, byte[]? Bytes = null);
