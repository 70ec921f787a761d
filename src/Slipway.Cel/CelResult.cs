using System.Diagnostics.CodeAnalysis;

namespace Slipway.Cel;

/// <summary>The outcome of an evaluation: a value or the message of the error that ended it.</summary>
/// <param name="Value">The value; null when evaluation failed.</param>
/// <param name="Error">Why evaluation failed; null when there is a value.</param>
/// <param name="IsOutOfBudget">Whether a limit ended it.</param>
/// <param name="Cost">What it cost, in the units of <see cref="CelCostEstimate"/>.</param>
public sealed record CelResult(CelValue? Value, string? Error, bool IsOutOfBudget = false, long Cost = 0)
{
    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Value is not null;

    /// <summary>Whether the value is the bool true: what a rule needs to hold.</summary>
    public bool IsTrue => Value?.Kind == CelKind.Bool && Value.Equals(CelValue.From(true));
}
