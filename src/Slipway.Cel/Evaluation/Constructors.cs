using Slipway.Cel.Cost;
using Slipway.Cel.Values;

namespace Slipway.Cel.Evaluation;

internal sealed class ListNode((Node Value, bool Optional)[] elements) : Node
{
    protected override CelValue Run(Frame frame)
    {
        frame.Budget.Charge((long)CostUnits.List);
        var items = new List<CelValue>(elements.Length);
        foreach (var (node, optional) in elements)
        {
            var value = node.Eval(frame);
            if (value is ErrorValue) return value;
            if (optional)
            {
                if (value is not OptionalValue wrapped) return new ErrorValue("an optional element needs an optional value");
                if (wrapped.Value is null) continue;
                value = wrapped.Value;
            }

            items.Add(value);
        }

        var list = new ListValue([.. items]);
        frame.Budget.Spend(list.Weight);
        return list;
    }
}

internal sealed class MapNode((Node Key, Node Value, bool Optional)[] entries) : Node
{
    protected override CelValue Run(Frame frame)
    {
        frame.Budget.Charge((long)CostUnits.Map);
        var map = new Dictionary<CelValue, CelValue>(entries.Length);
        foreach (var (keyNode, valueNode, optional) in entries)
        {
            var key = keyNode.Eval(frame);
            if (key is ErrorValue) return key;
            if (!MapValue.IsKey(key)) return new ErrorValue($"unsupported key type: {key.Type}");
            var value = valueNode.Eval(frame);
            if (value is ErrorValue) return value;
            if (optional)
            {
                if (value is not OptionalValue wrapped) return new ErrorValue("an optional entry needs an optional value");
                if (wrapped.Value is null) continue;
                value = wrapped.Value;
            }

            if (!map.TryAdd(key, value)) return new ErrorValue($"repeated key: {key}");
        }

        var result = new MapValue(map);
        frame.Budget.Spend(result.Weight);
        return result;
    }
}

internal sealed class BindNode(Node value, int slot, Node body) : Node
{
    protected override CelValue Run(Frame frame)
    {
        frame.Budget.Charge((long)CostUnits.List);
        frame.Slots[slot] = value.Eval(frame);
        return body.Eval(frame);
    }
}

internal sealed class OptionalMapNode(Node target, int slot, Node body, bool flat) : Node
{
    protected override CelValue Run(Frame frame)
    {
        frame.Budget.Charge((long)CostUnits.List + 2);
        var optional = target.Eval(frame);
        if (optional is ErrorValue || optional is OptionalValue { Value: null }) return optional;
        if (optional is not OptionalValue { Value: { } value }) return ErrorValue.NoOverload(flat ? "optFlatMap" : "optMap");
        frame.Slots[slot] = value;
        var result = body.Eval(frame);
        if (result is ErrorValue) return result;
        if (!flat) return OptionalValue.Of(result);
        return result is OptionalValue ? result : ErrorValue.NoOverload("optFlatMap");
    }
}
