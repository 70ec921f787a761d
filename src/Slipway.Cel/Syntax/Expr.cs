namespace Slipway.Cel.Syntax;

/// <summary>A node of the syntax tree, macros already expanded; <paramref name="Position"/> is a UTF-16 offset into the source.</summary>
internal abstract record Expr(int Position)
{
    /// <summary>Levels below and with this node: what a recursive walk needs of the stack.</summary>
    public int Depth { get; init; } = 1;
}

internal sealed record LiteralExpr(int Position, CelValue Value) : Expr(Position);

/// <summary>A name; <paramref name="Absolute"/> when written with a leading dot.</summary>
internal sealed record NameExpr(int Position, string Name, bool Absolute) : Expr(Position);

internal sealed record SelectExpr(int Position, Expr Operand, string Field, bool Optional, bool TestOnly) : Expr(Position);

/// <summary>A call, global when <paramref name="Target"/> is null; operators are calls by the names of the CEL standard definitions.</summary>
internal sealed record CallExpr(int Position, string Function, Expr? Target, IReadOnlyList<Expr> Arguments) : Expr(Position);

internal sealed record ListExpr(int Position, IReadOnlyList<(Expr Value, bool Optional)> Elements) : Expr(Position);

internal sealed record MapExpr(int Position, IReadOnlyList<(Expr Key, Expr Value, bool Optional)> Entries) : Expr(Position);

/// <summary>A name for a value inside one expression: cel.bind, optMap.</summary>
internal sealed record BindExpr(int Position, string Name, Expr Value, Expr Body) : Expr(Position);

/// <summary>optMap and optFlatMap: <paramref name="Body"/> sees the value of the optional, and runs only when there is one.</summary>
internal sealed record OptionalMapExpr(int Position, Expr Target, string Name, Expr Body, bool Flat) : Expr(Position);

internal enum LoopKind { All, Exists, ExistsOne, TransformList, TransformMap, TransformMapEntry, SortBy }

/// <summary>
/// A comprehension. With <paramref name="Second"/> the variables are index and value, or key and value; without, the element or key.
/// </summary>
internal sealed record LoopExpr(int Position, LoopKind Kind, Expr Range, string First, string? Second, Expr? Filter, Expr Body) : Expr(Position);
