using Slipway.Cel.Functions;
using Slipway.Cel.Values;

namespace Slipway.Cel.Evaluation;

internal enum SelectMode { Required, Optional, Test }

internal sealed class SelectNode(Node operand, string field, SelectMode mode) : Node
{
    protected override CelValue Run(Frame frame)
    {
        var value = operand.Eval(frame);
        if (mode != SelectMode.Test) frame.Budget.Charge(1);
        return mode switch
        {
            SelectMode.Required => Selection.Field(value, field),
            SelectMode.Optional => Selection.OptionalField(value, field),
            _ => Selection.Has(value, field),
        };
    }
}

/// <summary>At run time any number may be an index, and the container decides what else is wrong.</summary>
internal sealed class IndexNode(Node operand, Node index, bool optional) : Node
{
    protected override CelValue Run(Frame frame)
    {
        var container = operand.Eval(frame);
        if (container is ErrorValue) return container;
        var key = index.Eval(frame);
        if (key is ErrorValue) return key;
        frame.Budget.Charge(1);
        return optional ? Selection.OptionalIndex(container, key) : Selection.Index(container, key);
    }
}

/// <summary>&amp;&amp; and ||: either side decides alone, even when the other fails (CEL spec, "Logical Operators").</summary>
internal sealed class LogicNode(Node left, Node right, BoolValue decisive) : Node
{
    protected override CelValue Run(Frame frame)
    {
        var a = left.Eval(frame);
        if (ReferenceEquals(a, decisive)) return a;
        var b = right.Eval(frame);
        if (ReferenceEquals(b, decisive)) return b;
        if (a is BoolValue && b is BoolValue) return b;
        return a is ErrorValue ? a : b is ErrorValue ? b : ErrorValue.NoOverload(decisive.Value ? "_||_" : "_&&_");
    }
}

internal sealed class ConditionalNode(Node condition, Node yes, Node no) : Node
{
    protected override CelValue Run(Frame frame) => condition.Eval(frame) switch
    {
        BoolValue { Value: true } => yes.Eval(frame),
        BoolValue => no.Eval(frame),
        ErrorValue error => error,
        _ => ErrorValue.NoOverload("_?_:_"),
    };
}

/// <summary>optional.or and optional.orValue look at their argument only when they need it.</summary>
internal sealed class OrElseNode(Node optional, Node otherwise, bool unwrap) : Node
{
    protected override CelValue Run(Frame frame) => optional.Eval(frame) switch
    {
        ErrorValue error => error,
        OptionalValue { Value: { } value } present => unwrap ? value : present,
        OptionalValue => otherwise.Eval(frame),
        _ => ErrorValue.NoOverload(unwrap ? "orValue" : "or"),
    };
}

internal sealed class CallNode(string function, Overload[] overloads, Node[] arguments, bool isPatternKnown = false) : Node
{
    /// <summary>About what it takes to compile a small pattern, half a millisecond, in steps.</summary>
    private const long PatternSteps = 500;

    private Overload? _last;

    protected override CelValue Run(Frame frame)
    {
        var values = new CelValue[arguments.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Eval(frame);
            if (values[i] is ErrorValue) return values[i];
        }

        // Calls mostly see the kinds they saw before.
        var overload = _last is { } last && last.Matches(values) ? last : Array.Find(overloads, o => o.Matches(values));
        if (overload is null) return ErrorValue.NoOverload(function);
        _last = overload;
        if (overload.Cost == CallCost.Constant)
        {
            frame.Budget.Charge(1);
            return overload.Body(values);
        }

        Pay(frame.Budget, overload.Cost, values);
        var result = overload.Body(values);
        frame.Budget.Spend(result.Weight);
        frame.Budget.Charge(overload.Units(values, result));
        return result;
    }

    private void Pay(Budget budget, CallCost cost, CelValue[] values)
    {
        foreach (var value in values) budget.Spend(value.Weight);
        // Strings are bounded by what was paid for them, so the product fits.
        if (cost is CallCost.Search or CallCost.Pattern) budget.Spend(values[0].Weight * values[1].Weight);
        if (cost == CallCost.Pattern && !isPatternKnown) budget.Spend(PatternSteps);
    }
}
