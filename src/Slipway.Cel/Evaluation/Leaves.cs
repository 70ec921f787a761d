using Slipway.Cel.Values;

namespace Slipway.Cel.Evaluation;

internal sealed class ConstantNode(CelValue value) : Node
{
    public CelValue Value { get; } = value;

    protected override CelValue Run(Frame frame) => Value;
}

internal sealed class SlotNode(int slot) : Node
{
    protected override CelValue Run(Frame frame)
    {
        frame.Budget.Charge(1);
        return frame.Slots[slot];
    }
}

/// <summary>A variable that the checker resolved.</summary>
internal sealed class VariableNode(string name) : Node
{
    protected override CelValue Run(Frame frame)
    {
        frame.Budget.Charge(1);
        return frame.Variables.TryGetValue(name, out var value) ? value : new ErrorValue($"no such attribute: {name}");
    }
}

/// <summary>
/// A dotted name of an expression that was not checked: the variables given decide which part of it is the variable, the longest first.
/// </summary>
internal sealed class UncheckedNameNode(string name, IReadOnlyList<(string[] Candidates, string[] Fields)> readings, CelValue? otherwise) : Node
{
    protected override CelValue Run(Frame frame)
    {
        foreach (var (candidates, fields) in readings)
        {
            foreach (var candidate in candidates)
            {
                if (!frame.Variables.TryGetValue(candidate, out var value)) continue;
                foreach (var field in fields) value = Selection.Field(value, field);
                return value;
            }
        }

        return otherwise ?? new ErrorValue($"no such attribute: {name}");
    }
}
