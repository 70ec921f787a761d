using Slipway.Cel.Evaluation;
using Slipway.Cel.Values;

namespace Slipway.Cel;

/// <summary>A compiled expression. Immutable and without side effects: evaluate it on many threads at once.</summary>
public sealed class CelProgram
{
    /// <summary>
    /// Steps of an evaluation that names no other budget. Each node, each processed element and each ten characters or so count one;
    /// the size is that of Kubernetes' limit for one call (k8s.io/apiserver, pkg/apis/cel).
    /// </summary>
    public const long DefaultBudget = 1_000_000;

    private readonly Node _root;
    private readonly int _slots;

    internal CelProgram(Node root, int slots, CelType type) => (_root, _slots, Type) = (root, slots, type);

    /// <summary>The type that the checker found; <see cref="CelType.Dyn"/> when it depends on the variables or was not checked.</summary>
    public CelType Type { get; }

    /// <summary>Evaluates with these variables; a variable that is missing is an error only where it is used.</summary>
    /// <param name="variables">Values by name.</param>
    /// <param name="budget">The most steps to take; evaluation that needs more ends with an error.</param>
    public CelResult Evaluate(IReadOnlyDictionary<string, CelValue> variables, long budget = DefaultBudget)
    {
        ArgumentNullException.ThrowIfNull(variables);
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        try
        {
            var value = _root.Eval(new Frame(variables, _slots, new Budget(budget)));
            return value is ErrorValue error ? new CelResult(null, error.Message) : new CelResult(value, null);
        }
        catch (BudgetException)
        {
            return new CelResult(null, "the evaluation needs more steps than its budget allows", IsOutOfBudget: true);
        }
    }
}
