namespace Slipway.Cel.Evaluation;

/// <summary>Counts an evaluation's steps down. Running out unwinds the whole evaluation: no operator may absorb it.</summary>
internal sealed class Budget(long steps)
{
    private long _left = steps;

    public void Spend(long steps)
    {
        if ((_left -= steps) < 0) throw new BudgetException();
    }
}

#pragma warning disable CA1032, CA1064, RCS1194 // Never leaves this assembly, so it needs one constructor only.
internal sealed class BudgetException : Exception;
#pragma warning restore CA1032, CA1064, RCS1194
