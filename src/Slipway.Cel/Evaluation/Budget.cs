namespace Slipway.Cel.Evaluation;

/// <summary>
/// Counts an evaluation's steps, and its cost in Kubernetes' units. Running out unwinds the whole evaluation: no operator may absorb it.
/// </summary>
internal sealed class Budget(CelLimits limits)
{
    private long _steps = limits.Steps;

    public long Cost { get; private set; }

    public void Spend(long steps)
    {
        if ((_steps -= steps) < 0) throw new BudgetException();
    }

    public void Charge(long units)
    {
        if ((Cost += units) > limits.Cost) throw new BudgetException();
    }
}

#pragma warning disable CA1032, CA1064, RCS1194 // Never leaves this assembly, so it needs one constructor only.
internal sealed class BudgetException : Exception;
#pragma warning restore CA1032, CA1064, RCS1194
