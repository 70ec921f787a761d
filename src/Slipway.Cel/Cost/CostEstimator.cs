using Slipway.Cel.Checking;
using Slipway.Cel.Functions;
using Slipway.Cel.Syntax;

namespace Slipway.Cel.Cost;

/// <summary>The sizes of a container's keys and values.</summary>
internal sealed record EntrySize(CelCostEstimate Key, CelCostEstimate Value)
{
    public static EntrySize? Or(EntrySize? a, EntrySize? b) => a is null || b is null ? null : new(a.Key.Or(b.Key), a.Value.Or(b.Value));
}

/// <summary>A local variable's place and size.</summary>
internal sealed record Local(SchemaPath Path, CelCostEstimate? Size, EntrySize? Entries);

/// <summary>
/// Estimates before evaluation, as cel-go's checker and k8s.io/apiserver do for macros spelled out: which rules a definition may have
/// depends on these numbers, so they are theirs.
/// </summary>
internal sealed class CostEstimator(CelEnvironment environment, Checker types, CelType root)
{
    private readonly Dictionary<Expr, SchemaPath> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, CelCostEstimate> _sizes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, EntrySize> _entries = new(ReferenceEqualityComparer.Instance);

    private static CelCostEstimate One => CelCostEstimate.Fixed(1);

    public CelCostEstimate Estimate(Expr expr) => Cost(expr, null);

    private CelCostEstimate Cost(Expr expr, Scope<Local>? scope)
    {
        switch (StackGuard.For(expr))
        {
            case LiteralExpr:
                return default;
            case NameExpr name:
                _paths[expr] = Find(scope, name) is { } local ? local.Path : default(SchemaPath).Then(name.Name, root);
                return One;
            case SelectExpr select:
                return Select(select, scope);
            case CallExpr call:
                return Call(call, scope);
            case ListExpr list:
                return List(list, scope);
            case MapExpr map:
                return Map(map, scope);
            case BindExpr bind:
                return Bind(bind, scope);
            case OptionalMapExpr map:
                return OptionalMap(map, scope);
            case LoopExpr loop:
                return Loop(loop, scope);
            default:
                throw new InvalidOperationException($"no cost for {expr.GetType().Name}");
        }
    }

    private static Local? Find(Scope<Local>? scope, Expr expr) =>
        expr is NameExpr { Absolute: false } name && Scope<Local>.TryFind(scope, name.Name, out var local) ? local : null;

    private SchemaPath PathOf(Expr expr, Scope<Local>? scope) => Find(scope, expr)?.Path ?? _paths.GetValueOrDefault(expr);

    private EntrySize? EntriesOf(Expr expr, Scope<Local>? scope) => _entries.GetValueOrDefault(expr) ?? Find(scope, expr)?.Entries;

    private CelCostEstimate? SizeOf(Expr expr, Scope<Local>? scope)
    {
        if (_sizes.TryGetValue(expr, out var known)) return known;
        if (LiteralSize(expr) is { } literal) return CelCostEstimate.Fixed(literal);
        if (PathOf(expr, scope).Size is { } declared) return _sizes[expr] = declared;
        return IsScalar(types.TypeOf(expr)) ? One : Find(scope, expr)?.Size;
    }

    private CelCostEstimate SizeOrUnknown(Expr expr, Scope<Local>? scope) => SizeOf(expr, scope) ?? CelCostEstimate.Unknown;

    private static ulong? LiteralSize(Expr expr) => expr switch
    {
        LiteralExpr literal => (ulong)CallUnits.Size(literal.Value),
        ListExpr list => (ulong)list.Elements.Count,
        MapExpr map => (ulong)map.Entries.Count,
        _ => null,
    };

    private static bool IsScalar(CelType type) => type.Name is "bool" or "double" or "int" or "uint" or "google.protobuf.Timestamp" or "google.protobuf.Duration"
        || type.Name == "optional_type" && IsScalar(type.Parameters[0]);

    private CelCostEstimate Select(SelectExpr select, Scope<Local>? scope)
    {
        var operand = Cost(select.Operand, scope);
        if (select.TestOnly) return operand;
        // The optional form is a call in the reference implementation, and calls have no place in a schema.
        if (select.Optional) return operand.Plus(One);
        _paths[select] = PathOf(select.Operand, scope).Then(select.Field, root);
        var type = types.TypeOf(select.Operand);
        return type.Name is "map" || type.Fields is not null || type.IsVariable ? operand.Plus(One) : operand;
    }

    private CelCostEstimate List(ListExpr list, Scope<Local>? scope)
    {
        var (sum, size) = (CelCostEstimate.Fixed(CostUnits.List), Nothing(list.Elements.Count));
        foreach (var (value, _) in list.Elements)
        {
            sum = sum.Plus(Cost(value, scope));
            size = size.Or(SizeOrUnknown(value, scope));
        }

        _entries[list] = new EntrySize(One, size);
        return sum;
    }

    private CelCostEstimate Map(MapExpr map, Scope<Local>? scope)
    {
        var (sum, keys, values) = (CelCostEstimate.Fixed(CostUnits.Map), Nothing(map.Entries.Count), Nothing(map.Entries.Count));
        foreach (var (key, value, _) in map.Entries)
        {
            sum = sum.Plus(Cost(key, scope)).Plus(Cost(value, scope));
            keys = keys.Or(SizeOrUnknown(key, scope));
            values = values.Or(SizeOrUnknown(value, scope));
        }

        _entries[map] = new EntrySize(keys, values);
        return sum;
    }

    private static CelCostEstimate Nothing(int count) => new(count == 0 ? 0 : ulong.MaxValue, 0);

    private CelCostEstimate Bind(BindExpr bind, Scope<Local>? scope)
    {
        var sum = Cost(bind.Value, scope).Plus(CelCostEstimate.Fixed(CostUnits.List));
        var inner = new Scope<Local>(bind.Name, new Local(PathOf(bind.Value, scope), SizeOf(bind.Value, scope), EntriesOf(bind.Value, scope)), scope);
        sum = sum.Plus(Cost(bind.Body, inner));
        Copy(bind.Body, bind, inner);
        return sum;
    }

    private void Copy(Expr from, Expr to, Scope<Local>? scope)
    {
        if (SizeOf(from, scope) is { } size) _sizes[to] = size;
        if (EntriesOf(from, scope) is { } entries) _entries[to] = entries;
    }

    /// <summary>hasValue ? of(bind(value, body)) : none.</summary>
    private CelCostEstimate OptionalMap(OptionalMapExpr map, Scope<Local>? scope)
    {
        var target = Cost(map.Target, scope);
        var body = Cost(map.Body, new Scope<Local>(map.Name, new Local(default, null, null), scope));
        var mapped = target.Plus(body).Plus(CelCostEstimate.Fixed(CostUnits.List + (map.Flat ? 1UL : 2UL)));
        return target.Plus(One).Plus(mapped.Or(One));
    }

    private CelCostEstimate Loop(LoopExpr loop, Scope<Local>? scope)
    {
        var range = Cost(loop.Range, scope);
        var inner = Inner(loop, scope);
        var filter = loop.Filter is null ? default : Cost(loop.Filter, inner);
        var body = Cost(loop.Body, inner);
        var fixedRound = CelCostEstimate.Fixed(CostUnits.Round(loop.Kind));
        var count = SizeOrUnknown(loop.Range, scope);
        var round = loop.Kind switch
        {
            // The operators may stop at their first side.
            LoopKind.All or LoopKind.Exists => new CelCostEstimate(fixedRound.Min, fixedRound.Plus(body).Max),
            LoopKind.ExistsOne => body.Plus(new CelCostEstimate(1, 2)),
            _ when loop.Filter is not null => filter.Plus(body.Plus(fixedRound).Or(One)),
            _ => body.Plus(fixedRound),
        };
        var (start, end) = loop.Kind switch
        {
            LoopKind.All or LoopKind.Exists => (0UL, 1UL),
            LoopKind.ExistsOne => (0UL, 2UL),
            LoopKind.TransformMap or LoopKind.TransformMapEntry => (CostUnits.Map, 1UL),
            _ => (CostUnits.List, 1UL),
        };
        _sizes[loop] = start == 0 ? One : count;
        if (loop.Kind is LoopKind.TransformList) _entries[loop] = new EntrySize(One, new CelCostEstimate(0, SizeOrUnknown(loop.Body, inner).Max));
        var cost = range.Plus(CelCostEstimate.Fixed(start)).Plus(count.Times(round)).Plus(CelCostEstimate.Fixed(end));
        return loop.Kind is LoopKind.SortBy ? Sorted(loop, cost, count) : cost;
    }

    /// <summary>The keys are mapped over a binding of the list, then the list is sorted by them.</summary>
    private CelCostEstimate Sorted(LoopExpr loop, CelCostEstimate keys, CelCostEstimate count)
    {
        var factor = types.TypeOf(loop.Body).Name is "string" or "bytes" ? 2 + CostUnits.Text : 2;
        _sizes[loop] = count.Times(count);
        return keys.Plus(CelCostEstimate.Fixed(CostUnits.List + 2)).Plus(_sizes[loop].Times(factor)).Plus(CelCostEstimate.Fixed(1 + CostUnits.List));
    }

    private Scope<Local> Inner(LoopExpr loop, Scope<Local>? scope)
    {
        var entries = EntriesOf(loop.Range, scope);
        var path = PathOf(loop.Range, scope);
        var isList = types.TypeOf(loop.Range).Name == "list";
        var value = new Local(path.Then(isList ? SchemaPath.Items : SchemaPath.Values, root), entries?.Value, null);
        var key = new Local(path.Then(isList ? "@indices" : SchemaPath.Keys, root), entries?.Key, null);
        if (loop.Second is null) return new Scope<Local>(loop.First, isList ? value : key, scope);
        return new Scope<Local>(loop.Second, value, new Scope<Local>(loop.First, key, scope));
    }

    private CelCostEstimate Call(CallExpr call, Scope<Local>? scope)
    {
        var arguments = new CelCostEstimate[call.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = Cost(call.Arguments[i], scope);
        if (call.Function == "dyn")
        {
            Copy(call.Arguments[0], call, scope);
            return arguments[0].Plus(One);
        }

        var (_, target) = Checker.Resolve(environment, call, name => Scope<Local>.TryFind(scope, name, out _));
        var sum = target is null ? default : Cost(target, scope);
        var total = arguments.Aggregate(default(CelCostEstimate), (a, b) => a.Plus(b));
        var given = new CallShape(
            target is null ? null : Measured(target, scope), [.. call.Arguments.Select(a => Measured(a, scope))], arguments, total);
        if (!types.Chosen.TryGetValue(call, out var overloads) || overloads.Length == 0) return sum;
        var cost = new CelCostEstimate(ulong.MaxValue, 0);
        CelCostEstimate? size = null;
        foreach (var overload in overloads)
        {
            var (own, result) = CallEstimates.Of(overload, given);
            cost = cost.Or(own);
            if (result is not null) size = size?.Or(result.Value) ?? result;
            if (overload.Name == "_[_]" && overload.Parameters[0].Name is "list" or "map") size = Indexed(call, overload, scope);
            size ??= SizeOf(call, scope);
        }

        Remember(call, size, scope);
        return sum.Plus(cost);
    }

    private CelCostEstimate? Indexed(CallExpr call, Overload overload, Scope<Local>? scope)
    {
        _paths[call] = PathOf(call.Arguments[0], scope).Then(overload.Parameters[0].Name == "list" ? SchemaPath.Items : SchemaPath.Values, root);
        return EntriesOf(call.Arguments[0], scope)?.Value;
    }

    private void Remember(CallExpr call, CelCostEstimate? size, Scope<Local>? scope)
    {
        if (size is { } known) _sizes[call] = known;
        var (left, right) = call.Function switch
        {
            "_?_:_" => (1, 2),
            "_+_" when call.Arguments.Count == 2 => (0, 1),
            _ => (-1, -1),
        };
        if (left >= 0 && EntrySize.Or(EntriesOf(call.Arguments[left], scope), EntriesOf(call.Arguments[right], scope)) is { } entries) _entries[call] = entries;
    }

    private Measure Measured(Expr expr, Scope<Local>? scope)
    {
        var type = types.TypeOf(expr);
        var element = type.Name == "list" ? type.Parameters[0] : null;
        var path = PathOf(expr, scope);
        var size = SizeOf(expr, scope) ?? path.Size;
        var elementSize = path.IsKnown ? path.Then(SchemaPath.Items, root).Size : null;
        return new Measure(type, size ?? CelCostEstimate.Unknown, element, elementSize ?? CelCostEstimate.Unknown, expr as LiteralExpr);
    }
}
