using Slipway.Cel.Evaluation;
using Slipway.Cel.Values;

namespace Slipway.Cel;

/// <summary>A compiled expression. Immutable and without side effects: evaluate it on many threads at once.</summary>
public sealed class CelProgram
{
    /// <summary>
    /// Steps of an evaluation that names no other budget. Each node, each processed element and each ten characters or so count one.
    /// </summary>
    public const long DefaultBudget = 1_000_000;

    private readonly Node _root;
    private readonly int _slots;

    internal CelProgram(Node root, int slots, CelType type, IReadOnlySet<string> variables) =>
        (_root, _slots, Type, Variables) = (root, slots, type, variables);

    /// <summary>The type that the checker found; <see cref="CelType.Dyn"/> when it depends on the variables or was not checked.</summary>
    public CelType Type { get; }

    /// <summary>The declared variables that the expression uses; none when it was not checked.</summary>
    public IReadOnlySet<string> Variables { get; }

    /// <summary>Evaluates with these variables; a variable that is missing is an error only where it is used.</summary>
    /// <param name="variables">Values by name.</param>
    /// <param name="budget">The most steps to take; evaluation that needs more ends with an error.</param>
    public CelResult Evaluate(IReadOnlyDictionary<string, CelValue> variables, long budget = DefaultBudget)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        return Evaluate(variables, new CelLimits(budget, long.MaxValue));
    }

    /// <summary>Evaluates with these variables within limits.</summary>
    public CelResult Evaluate(IReadOnlyDictionary<string, CelValue> variables, CelLimits limits)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentNullException.ThrowIfNull(limits);
        var budget = new Budget(limits);
        try
        {
            var value = _root.Eval(new Frame(variables, _slots, budget));
            return value is ErrorValue error ? new CelResult(null, error.Message, Cost: budget.Cost) : new CelResult(value, null, Cost: budget.Cost);
        }
        catch (BudgetException)
        {
            return new CelResult(null, "operation cancelled: actual cost limit exceeded", IsOutOfBudget: true, Cost: budget.Cost);
        }
    }
}
