namespace Slipway.Cel.Syntax;

/// <summary>Macros: calls that the parser rewrites, because they name variables or look at syntax (CEL spec, "Macros").</summary>
internal sealed class Macros(bool enabled = true, bool blocks = false, bool bindings = true)
{
    /// <returns>The expansion, or null when the call is no macro.</returns>
    /// <exception cref="SyntaxException">The call is a macro with arguments it cannot take.</exception>
    public Expr? Expand(int position, Expr? target, string function, IReadOnlyList<Expr> arguments)
    {
        if (!enabled) return null;
        if (target is null) return function == "has" && arguments.Count == 1 ? Has(position, arguments[0]) : null;
        if (bindings && target is NameExpr { Name: "cel" }) return Cel(position, function, arguments);
        return (function, arguments.Count) switch
        {
            ("all", 2) => Loop(position, LoopKind.All, target, arguments, two: false),
            ("all", 3) => Loop(position, LoopKind.All, target, arguments, two: true),
            ("exists", 2) => Loop(position, LoopKind.Exists, target, arguments, two: false),
            ("exists", 3) => Loop(position, LoopKind.Exists, target, arguments, two: true),
            ("exists_one", 2) or ("existsOne", 2) when function == "exists_one" || bindings => Loop(position, LoopKind.ExistsOne, target, arguments, two: false),
            ("exists_one" or "existsOne", 3) => Loop(position, LoopKind.ExistsOne, target, arguments, two: true),
            ("map", 2) => Loop(position, LoopKind.TransformList, target, arguments, two: false),
            ("map", 3) => Loop(position, LoopKind.TransformList, target, arguments, two: false),
            ("filter", 2) => Loop(position, LoopKind.TransformList, target, [arguments[0], arguments[1], arguments[0]], two: false),
            ("sortBy", 2) => Loop(position, LoopKind.SortBy, target, arguments, two: false),
            ("transformList", 3 or 4) => Loop(position, LoopKind.TransformList, target, arguments, two: true),
            ("transformMap", 3 or 4) => Loop(position, LoopKind.TransformMap, target, arguments, two: true),
            ("transformMapEntry", 3 or 4) => Loop(position, LoopKind.TransformMapEntry, target, arguments, two: true),
            ("optMap", 2) => new OptionalMapExpr(position, target, Variable(arguments[0]), arguments[1], Flat: false),
            ("optFlatMap", 2) => new OptionalMapExpr(position, target, Variable(arguments[0]), arguments[1], Flat: true),
            _ => null,
        };
    }

    private static SelectExpr Has(int position, Expr argument) => argument is SelectExpr { TestOnly: false } select
        ? select with { TestOnly = true, Position = position }
        : throw new SyntaxException(argument.Position, "has() takes a field selection");

    private Expr? Cel(int position, string function, IReadOnlyList<Expr> arguments)
    {
        if (function == "bind" && arguments.Count == 3) return new BindExpr(position, Variable(arguments[0]), arguments[1], arguments[2]);
        return blocks ? Block(position, function, arguments) : null;
    }

    private static LoopExpr Loop(int position, LoopKind kind, Expr target, IReadOnlyList<Expr> arguments, bool two)
    {
        var first = Variable(arguments[0]);
        var second = two ? Variable(arguments[1]) : null;
        if (first == second) throw new SyntaxException(arguments[1].Position, "the two variables of a comprehension need two names");
        var rest = two ? 2 : 1;
        var filter = arguments.Count == rest + 2 ? arguments[rest] : null;
        return new LoopExpr(position, kind, target, first, second, filter, arguments[^1]);
    }

    private static string Variable(Expr argument) => argument is NameExpr { Absolute: false } name
        ? name.Name
        : throw new SyntaxException(argument.Position, "a variable's name belongs here");

    /// <summary>What an optimizer writes for common subexpressions; the conformance tests spell it as calls.</summary>
    private static Expr? Block(int position, string function, IReadOnlyList<Expr> arguments)
    {
        if (function is "index" or "iterVar" or "accuVar" && arguments.All(a => a is LiteralExpr))
        {
            return new NameExpr(position, $"@{function}{string.Join('.', arguments.Select(a => ((LiteralExpr)a).Value))}", Absolute: false);
        }

        if (function != "block" || arguments is not [ListExpr values, var body]) return null;
        for (var i = values.Elements.Count - 1; i >= 0; i--) body = new BindExpr(position, $"@index{i}", values.Elements[i].Value, body);
        return body;
    }
}
