using Slipway.Cel.Cost;
using Slipway.Cel.Libraries;
using Slipway.Cel.Syntax;
using Slipway.Cel.Values;

namespace Slipway.Cel.Evaluation;

/// <summary>Comprehensions (CEL spec, "Macros"; two-variable forms of cel-spec's macros2 tests).</summary>
internal sealed class LoopNode(LoopKind kind, Node range, int first, int second, Node? filter, Node body) : Node
{
    private readonly long _round = (long)CostUnits.Round(kind);

    private bool IsTwo => second >= 0;

    protected override CelValue Run(Frame frame)
    {
        var over = range.Eval(frame);
        if (over is ErrorValue) return over;
        if (over is not (ListValue or MapValue)) return new ErrorValue($"type '{over.Type}' cannot be the range of a comprehension");
        // Of the loop itself, reading the result costs, and comparing it where one is counted.
        frame.Budget.Charge(kind is LoopKind.ExistsOne ? 2 : 1);
        return kind switch
        {
            LoopKind.All => Decide(frame, over, BoolValue.False),
            LoopKind.Exists => Decide(frame, over, BoolValue.True),
            LoopKind.ExistsOne => ExistsOne(frame, over),
            LoopKind.TransformList => Collect(frame, over),
            LoopKind.SortBy => SortBy(frame, over),
            _ => CollectMap(frame, over),
        };
    }

    private IEnumerable<CelValue> Steps(Frame frame, CelValue over)
    {
        if (over is ListValue list)
        {
            for (var i = 0; i < list.Count; i++)
            {
                var item = list.At(i);
                yield return Step(frame, IsTwo ? new IntValue(i) : item, item, item);
            }
        }
        else
        {
            foreach (var (key, value) in ((MapValue)over).Entries) yield return Step(frame, key, value, key);
        }
    }

    /// <returns>The key of this round, for maps to come.</returns>
    private CelValue Step(Frame frame, CelValue key, CelValue value, CelValue single)
    {
        frame.Budget.Spend(1);
        if (kind is LoopKind.All or LoopKind.Exists) frame.Budget.Charge(_round);
        frame.Slots[first] = IsTwo ? key : single;
        if (IsTwo) frame.Slots[second] = value;
        return key;
    }

    /// <summary>One decisive round settles it whatever failed elsewhere, as the operators do.</summary>
    private CelValue Decide(Frame frame, CelValue over, BoolValue decisive)
    {
        CelValue? failed = null;
        foreach (var _ in Steps(frame, over))
        {
            var value = body.Eval(frame);
            if (ReferenceEquals(value, decisive)) return value;
            if (value is not BoolValue) failed ??= value as ErrorValue ?? ErrorValue.NoOverload(decisive.Value ? "_||_" : "_&&_");
        }

        return failed ?? BoolValue.Of(!decisive.Value);
    }

    private CelValue ExistsOne(Frame frame, CelValue over)
    {
        var count = 0;
        foreach (var _ in Steps(frame, over))
        {
            var value = body.Eval(frame);
            if (value is not BoolValue found) return value as ErrorValue ?? ErrorValue.NoOverload("_?_:_");
            if (!found.Value) continue;
            frame.Budget.Charge(_round);
            count++;
        }

        return BoolValue.Of(count == 1);
    }

    /// <returns>Null to keep the round's element, otherwise false or an error.</returns>
    private CelValue? Refused(Frame frame) => filter?.Eval(frame) switch
    {
        null or BoolValue { Value: true } => null,
        BoolValue no => no,
        ErrorValue error => error,
        _ => ErrorValue.NoOverload("_?_:_"),
    };

    private CelValue Collect(Frame frame, CelValue over)
    {
        List<CelValue> items = [];
        foreach (var _ in Steps(frame, over))
        {
            if (Refused(frame) is { } refused)
            {
                if (refused is ErrorValue) return refused;
                continue;
            }

            var value = body.Eval(frame);
            if (value is ErrorValue) return value;
            frame.Budget.Charge(_round);
            items.Add(value);
        }

        var list = new ListValue([.. items]);
        frame.Budget.Spend(list.Weight);
        return list;
    }

    private CelValue CollectMap(Frame frame, CelValue over)
    {
        Dictionary<CelValue, CelValue> map = [];
        foreach (var key in Steps(frame, over))
        {
            if (Refused(frame) is { } refused)
            {
                if (refused is ErrorValue) return refused;
                continue;
            }

            var value = body.Eval(frame);
            if (value is ErrorValue) return value;
            frame.Budget.Charge(_round);
            if (kind == LoopKind.TransformMap)
            {
                map[key] = value;
                continue;
            }

            if (value is not MapValue entries) return ErrorValue.NoOverload("transformMapEntry");
            foreach (var (k, v) in entries.Entries)
            {
                if (!map.TryAdd(k, v)) return new ErrorValue($"insert failed: key {k} already exists");
            }
        }

        var result = new MapValue(map);
        frame.Budget.Spend(result.Weight);
        return result;
    }

    private CelValue SortBy(Frame frame, CelValue over)
    {
        if (over is not ListValue list) return ErrorValue.NoOverload("sortBy");
        List<CelValue> keys = [];
        foreach (var _ in Steps(frame, over))
        {
            var key = body.Eval(frame);
            if (key is ErrorValue) return key;
            keys.Add(key);
        }

        frame.Budget.Spend(list.Weight);
        frame.Budget.Charge(2L * keys.Count * keys.Count);
        return Sorting.By(list.Items, [.. keys]);
    }
}
