using System.Runtime.CompilerServices;
using Slipway.Cel.Values;

namespace Slipway.Cel.Evaluation;

/// <summary>One evaluation's state.</summary>
internal sealed class Frame(IReadOnlyDictionary<string, CelValue> variables, int slots, Budget budget)
{
    public IReadOnlyDictionary<string, CelValue> Variables { get; } = variables;

    public CelValue[] Slots { get; } = new CelValue[slots];

    public Budget Budget { get; } = budget;
}

/// <summary>An expression ready to evaluate. Nodes are immutable, so programs may run on many threads at once.</summary>
internal abstract class Node
{
    public CelValue Eval(Frame frame)
    {
        frame.Budget.Spend(1);
        // The parser bounds depth for a thread's usual stack; a smaller one gets an error, not a crash.
        return RuntimeHelpers.TryEnsureSufficientExecutionStack() ? Run(frame) : new ErrorValue("the expression is too deep for this thread's stack");
    }

    protected abstract CelValue Run(Frame frame);
}
