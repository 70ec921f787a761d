namespace Slipway.Cel.Syntax;

/// <summary>Name resolution (CEL spec, "Name Resolution"): innermost container first, an absolute name alone.</summary>
internal static class Names
{
    /// <returns>The dotted name that a chain of plain selections spells, with a leading dot when absolute; null for anything else.</returns>
    public static string? Qualified(Expr expr)
    {
        Stack<string> parts = new();
        while (expr is SelectExpr { Optional: false, TestOnly: false } select)
        {
            // A quoted field may hold dots of its own; no variable's name does.
            if (select.Field.AsSpan().ContainsAny("./- ")) return null;
            parts.Push(select.Field);
            expr = select.Operand;
        }

        if (expr is not NameExpr name) return null;
        parts.Push(name.Absolute ? "." + name.Name : name.Name);
        return string.Join('.', parts);
    }

    /// <returns>The name at the root of a chain of plain selections, when it is relative.</returns>
    public static string? Root(Expr expr)
    {
        while (expr is SelectExpr { Optional: false, TestOnly: false } select) expr = select.Operand;
        return expr is NameExpr { Absolute: false } name ? name.Name : null;
    }

    public static IEnumerable<string> Candidates(string container, string name)
    {
        if (name.StartsWith('.'))
        {
            yield return name[1..];
            yield break;
        }

        while (container.Length > 0)
        {
            yield return $"{container}.{name}";
            var dot = container.LastIndexOf('.');
            container = dot < 0 ? "" : container[..dot];
        }

        yield return name;
    }
}
