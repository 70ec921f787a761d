using System.Globalization;
using Slipway.Cel.Values;

namespace Slipway.Cel.Syntax;

/// <summary>Recursive descent over CEL's grammar. Depth and size are bounded, so hostile input ends in an error, never a full stack.</summary>
internal sealed class Parser
{
    public const int MaxLength = 100_000;
    public const int MaxNesting = 250;
    public const int MaxDepth = 700;

    private static readonly HashSet<string> s_reserved =
    [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void",
        "while",
    ];

    private readonly List<Token> _tokens;
    private readonly Macros _macros;
    private int _at;
    private int _nesting;

    private Parser(List<Token> tokens, Macros macros) => (_tokens, _macros) = (tokens, macros);

    /// <exception cref="SyntaxException">The text is no expression, or too long or too deep.</exception>
    public static Expr Parse(string text, Macros macros)
    {
        if (text.Length > MaxLength) throw new SyntaxException(0, $"the expression is longer than {MaxLength} characters");
        var parser = new Parser(new Lexer(text).All(), macros);
        var expr = parser.Expression();
        if (parser.Current.Kind != TokenKind.End) throw parser.Unexpected();
        return expr;
    }

    private Token Current => _tokens[_at];

    private bool Take(TokenKind kind)
    {
        if (Current.Kind != kind) return false;
        _at++;
        return true;
    }

    private Token Expect(TokenKind kind) => Current.Kind == kind ? _tokens[_at++] : throw Unexpected();

    private SyntaxException Unexpected() => new(
        Current.Position, Current.Kind == TokenKind.End ? "unexpected end of the expression" : $"unexpected '{Current.Text}'");

    private Expr Expression()
    {
        StackGuard.At(Current.Position);
        if (++_nesting > MaxNesting) throw new SyntaxException(Current.Position, $"nested deeper than {MaxNesting} levels");
        var condition = Or();
        if (Current.Kind == TokenKind.Question)
        {
            var position = _tokens[_at++].Position;
            var yes = Or();
            Expect(TokenKind.Colon);
            condition = Call(position, "_?_:_", condition, yes, Expression());
        }

        _nesting--;
        return condition;
    }

    private Expr Or() => Logic(TokenKind.Or, "_||_", And);

    private Expr And() => Logic(TokenKind.And, "_&&_", Relation);

    /// <summary>Chains of one logical operator become a balanced tree: the operators are associative, and a long chain stays shallow.</summary>
    private Expr Logic(TokenKind kind, string function, Func<Expr> operand)
    {
        var first = operand();
        if (Current.Kind != kind) return first;
        List<Expr> terms = [first];
        List<int> positions = [];
        while (Current.Kind == kind)
        {
            positions.Add(_tokens[_at++].Position);
            terms.Add(operand());
        }

        Expr Balance(int from, int to)
        {
            if (from == to) return terms[from];
            var middle = (from + to) / 2;
            return Call(positions[middle], function, Balance(from, middle), Balance(middle + 1, to));
        }

        return Balance(0, terms.Count - 1);
    }

    private Expr Relation()
    {
        var left = Sum();
        while (true)
        {
            var function = Current.Kind switch
            {
                TokenKind.Equal => "_==_",
                TokenKind.NotEqual => "_!=_",
                TokenKind.Less => "_<_",
                TokenKind.LessEqual => "_<=_",
                TokenKind.Greater => "_>_",
                TokenKind.GreaterEqual => "_>=_",
                TokenKind.In => "@in",
                _ => null,
            };
            if (function is null) return left;
            left = Call(_tokens[_at++].Position, function, left, Sum());
        }
    }

    private Expr Sum()
    {
        var left = Product();
        while (Current.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            var token = _tokens[_at++];
            left = Call(token.Position, token.Kind == TokenKind.Plus ? "_+_" : "_-_", left, Product());
        }

        return left;
    }

    private Expr Product()
    {
        var left = Unary();
        while (Current.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.Percent)
        {
            var token = _tokens[_at++];
            var function = token.Kind switch { TokenKind.Star => "_*_", TokenKind.Slash => "_/_", _ => "_%_" };
            left = Call(token.Position, function, left, Unary());
        }

        return left;
    }

    private Expr Unary()
    {
        var first = Current;
        if (first.Kind is not (TokenKind.Not or TokenKind.Minus)) return Member(Primary());
        var count = 0;
        while (Current.Kind == first.Kind)
        {
            _at++;
            count++;
        }

        // The sign belongs to the number: the least int has no positive counterpart.
        if (first.Kind == TokenKind.Minus && Current.Kind is TokenKind.Int or TokenKind.Double)
        {
            var number = _tokens[_at++];
            var operand = Member(Number(first.Position, number, negative: true));
            return count % 2 == 1 ? operand : Call(first.Position, "-_", operand);
        }

        var inner = Member(Primary());
        return count % 2 == 0 ? inner : Call(first.Position, first.Kind == TokenKind.Not ? "!_" : "-_", inner);
    }

    private static LiteralExpr Number(int position, Token token, bool negative)
    {
        var text = token.Text;
        if (token.Kind == TokenKind.Double)
        {
            var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            return new LiteralExpr(position, new DoubleValue(negative ? -value : value));
        }

        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        var fits = ulong.TryParse(isHex ? text.AsSpan(2) : text, style, CultureInfo.InvariantCulture, out var magnitude);
        if (token.Kind == TokenKind.Uint)
        {
            return fits ? new LiteralExpr(position, new UintValue(magnitude)) : throw new SyntaxException(position, "invalid uint literal");
        }

        if (!fits || magnitude > (negative ? 1UL << 63 : long.MaxValue)) throw new SyntaxException(position, "invalid int literal");
        return new LiteralExpr(position, new IntValue(negative ? unchecked(-(long)magnitude) : (long)magnitude));
    }

    private Expr Primary()
    {
        var token = _tokens[_at++];
        switch (token.Kind)
        {
            case TokenKind.Int or TokenKind.Uint or TokenKind.Double: return Number(token.Position, token, negative: false);
            case TokenKind.String: return new LiteralExpr(token.Position, new StringValue(token.Text));
            case TokenKind.Bytes: return new LiteralExpr(token.Position, new BytesValue(token.Bytes!));
            case TokenKind.True: return new LiteralExpr(token.Position, BoolValue.True);
            case TokenKind.False: return new LiteralExpr(token.Position, BoolValue.False);
            case TokenKind.Null: return new LiteralExpr(token.Position, CelValue.Null);
            case TokenKind.Dot: return Name(Expect(TokenKind.Identifier), absolute: true);
            case TokenKind.Identifier: return Name(token, absolute: false);
            case TokenKind.LeftBracket: return List(token.Position);
            case TokenKind.LeftBrace: return Map(token.Position);
            case TokenKind.LeftParen:
                var inner = Expression();
                Expect(TokenKind.RightParen);
                return inner;
            default:
                _at--;
                throw Unexpected();
        }
    }

    private Expr Name(Token token, bool absolute)
    {
        if (s_reserved.Contains(token.Text)) throw new SyntaxException(token.Position, $"'{token.Text}' is a reserved word");
        if (Current.Kind != TokenKind.LeftParen) return new NameExpr(token.Position, token.Text, absolute);
        var position = _tokens[_at++].Position;
        var arguments = Arguments();
        return _macros.Expand(position, null, token.Text, arguments) ?? Sized(new CallExpr(position, absolute ? "." + token.Text : token.Text, null, arguments));
    }

    private List<Expr> Arguments()
    {
        List<Expr> arguments = [];
        if (Take(TokenKind.RightParen)) return arguments;
        do
        {
            arguments.Add(Expression());
        }
        while (Take(TokenKind.Comma));
        Expect(TokenKind.RightParen);
        return arguments;
    }

    private Expr Member(Expr expr)
    {
        while (true)
        {
            var token = Current;
            if (Take(TokenKind.Dot))
            {
                expr = AfterDot(expr, token.Position);
            }
            else if (Take(TokenKind.LeftBracket))
            {
                var optional = Take(TokenKind.Question);
                var index = Expression();
                Expect(TokenKind.RightBracket);
                expr = Call(token.Position, optional ? "_[?_]" : "_[_]", expr, index);
            }
            else if (token.Kind == TokenKind.LeftBrace && Names.Qualified(expr) is { } type)
            {
                throw new SyntaxException(token.Position, $"'{type}' is no known message type; messages are not supported");
            }
            else
            {
                return expr;
            }
        }
    }

    private Expr AfterDot(Expr operand, int position)
    {
        var optional = Take(TokenKind.Question);
        var token = _tokens[_at++];
        if (token.Kind is not (TokenKind.Identifier or TokenKind.QuotedIdentifier))
        {
            _at--;
            throw Unexpected();
        }

        if (optional || token.Kind == TokenKind.QuotedIdentifier || Current.Kind != TokenKind.LeftParen)
        {
            return Sized(new SelectExpr(position, operand, token.Text, optional, TestOnly: false));
        }

        // Calls lie where their arguments begin, as the reference implementation reports them.
        var open = _tokens[_at++].Position;
        var arguments = Arguments();
        return _macros.Expand(open, operand, token.Text, arguments) is { } expanded
            ? Sized(expanded)
            : Sized(new CallExpr(open, token.Text, operand, arguments));
    }

    private Expr List(int position)
    {
        List<(Expr, bool)> elements = [];
        while (!Take(TokenKind.RightBracket))
        {
            var optional = Take(TokenKind.Question);
            elements.Add((Expression(), optional));
            if (Take(TokenKind.Comma)) continue;
            Expect(TokenKind.RightBracket);
            break;
        }

        return Sized(new ListExpr(position, elements));
    }

    private Expr Map(int position)
    {
        List<(Expr, Expr, bool)> entries = [];
        while (!Take(TokenKind.RightBrace))
        {
            var optional = Take(TokenKind.Question);
            var key = Expression();
            Expect(TokenKind.Colon);
            entries.Add((key, Expression(), optional));
            if (Take(TokenKind.Comma)) continue;
            Expect(TokenKind.RightBrace);
            break;
        }

        return Sized(new MapExpr(position, entries));
    }

    private static Expr Call(int position, string function, params Expr[] arguments) => Sized(new CallExpr(position, function, null, arguments));

    private static Expr Sized(Expr expr)
    {
        var depth = 1 + expr switch
        {
            SelectExpr s => s.Operand.Depth,
            CallExpr c => Math.Max(c.Target?.Depth ?? 0, Deepest(c.Arguments)),
            ListExpr l => l.Elements.Count == 0 ? 0 : l.Elements.Max(e => e.Value.Depth),
            MapExpr m => m.Entries.Count == 0 ? 0 : m.Entries.Max(e => Math.Max(e.Key.Depth, e.Value.Depth)),
            BindExpr b => Math.Max(b.Value.Depth, b.Body.Depth),
            OptionalMapExpr o => Math.Max(o.Target.Depth, o.Body.Depth),
            LoopExpr l => Math.Max(l.Range.Depth, Math.Max(l.Filter?.Depth ?? 0, l.Body.Depth)),
            _ => 0,
        };
        if (depth > MaxDepth) throw new SyntaxException(expr.Position, $"the expression is deeper than {MaxDepth} operations");
        return expr with { Depth = depth };
    }

    private static int Deepest(IReadOnlyList<Expr> arguments)
    {
        var depth = 0;
        foreach (var argument in arguments) depth = Math.Max(depth, argument.Depth);
        return depth;
    }
}
