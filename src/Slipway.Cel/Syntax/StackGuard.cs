using System.Runtime.CompilerServices;

namespace Slipway.Cel.Syntax;

/// <summary>Depth is bounded for a thread's usual stack; on a smaller one compiling ends with an issue, not with the process.</summary>
internal static class StackGuard
{
    public static Expr For(Expr expr)
    {
        At(expr.Position);
        return expr;
    }

    /// <exception cref="SyntaxException">The stack is nearly full.</exception>
    public static void At(int position)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new SyntaxException(position, "the expression is too deep for this thread's stack");
    }
}
