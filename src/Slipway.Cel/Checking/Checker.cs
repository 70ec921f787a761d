using Slipway.Cel.Functions;
using Slipway.Cel.Syntax;

namespace Slipway.Cel.Checking;

/// <summary>Infers the type of an expression and collects what cannot work: undeclared names, calls that no overload takes.</summary>
internal sealed class Checker(CelEnvironment environment)
{
    private readonly Substitution _types = new();
    private readonly List<(int Position, string Message)> _issues = [];
    private readonly Dictionary<CallExpr, Overload[]> _chosen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, CelType> _found = new(ReferenceEqualityComparer.Instance);

    /// <summary>The overloads whose types fit: an empty list of durations differs from one of ints only here.</summary>
    public IReadOnlyDictionary<CallExpr, Overload[]> Chosen => _chosen;

    public IReadOnlyList<(int Position, string Message)> Issues => _issues;

    public CelType Check(Expr expr) => _types.Apply(Type(expr, null), unknownIsDyn: true);

    /// <summary>The type that was found for a part of the expression that was checked.</summary>
    public CelType TypeOf(Expr expr) => _found.TryGetValue(expr, out var type) ? _types.Apply(type, unknownIsDyn: true) : CelType.Dyn;

    private CelType Fail(int position, string message)
    {
        _issues.Add((position, message));
        return CelType.Dyn;
    }

    private CelType Type(Expr expr, Scope<CelType>? scope) => _found[expr] = StackGuard.For(expr) switch
    {
        LiteralExpr literal => literal.Value.Type,
        NameExpr name => Name(name, scope) ?? Fail(name.Position, $"undeclared reference to '{name.Name}' (in container '{environment.Container}')"),
        SelectExpr select => Select(select, scope),
        CallExpr call => Call(call, scope),
        ListExpr list => List(list, scope),
        MapExpr map => Map(map, scope),
        BindExpr bind => Type(bind.Body, new Scope<CelType>(bind.Name, Type(bind.Value, scope), scope)),
        OptionalMapExpr map => OptionalMap(map, scope),
        LoopExpr loop => Loop(loop, scope),
        _ => throw new InvalidOperationException($"no rule for {expr.GetType().Name}"),
    };

    /// <summary>A dotted or plain name as one variable or type; null when it is neither.</summary>
    private CelType? Name(Expr expr, Scope<CelType>? scope)
    {
        if (Names.Qualified(expr) is not { } name) return null;
        if (Names.Root(expr) is { } root && Scope<CelType>.TryFind(scope, root, out var local)) return expr is NameExpr ? local : null;
        foreach (var candidate in Names.Candidates(environment.Container, name))
        {
            if (environment.Variables.TryGetValue(candidate, out var type)) return type;
            if (CelEnvironment.TypeNamed(candidate) is { } value) return CelType.TypeOf(value);
        }

        return null;
    }

    private CelType Select(SelectExpr select, Scope<CelType>? scope)
    {
        if (!select.TestOnly && !select.Optional && Name(select, scope) is { } whole) return whole;
        var field = Field(select, _types.Find(Type(select.Operand, scope)), select.Optional);
        return select.TestOnly ? CelType.Bool : field;
    }

    private CelType Field(SelectExpr select, CelType operand, bool optional)
    {
        if (operand.Name == "optional_type") return Field(select, _types.Find(operand.Parameters[0]), optional: true);
        var type = operand switch
        {
            { Name: "map" } => operand.Parameters[1],
            { IsDyn: true } or { IsVariable: true } => CelType.Dyn,
            { Fields: { } fields } => fields.TryGetValue(select.Field, out var declared) ? declared : Fail(select.Position, $"undefined field '{select.Field}'"),
            _ => Fail(select.Position, $"type '{_types.Apply(operand).Shown()}' does not support field selection"),
        };
        return optional && _types.Find(type).Name != "optional_type" ? CelType.Optional(type) : type;
    }

    private CelType Call(CallExpr call, Scope<CelType>? scope)
    {
        var (overloads, target) = Resolve(environment, call, root => Scope<CelType>.TryFind(scope, root, out _));
        List<CelType> arguments = target is null ? [] : [Type(target, scope)];
        arguments.AddRange(call.Arguments.Select(a => Type(a, scope)));
        if (overloads.Length == 0 && environment.Functions.Find(call.Function, target is null).Length == 0)
        {
            return Fail(call.Position, $"undeclared reference to '{call.Function}' (in container '{environment.Container}')");
        }

        CelType? result = null;
        List<Overload> chosen = [];
        foreach (var overload in overloads.Where(o => o.Takes(arguments.Count)))
        {
            Dictionary<string, CelType> names = [];
            var parameters = arguments.Select((_, i) => _types.Instantiate(overload.Parameter(i), names)).ToList();
            var own = _types.Instantiate(overload.Result, names);
            if (!_types.TryAssign(arguments, parameters)) continue;
            own = _types.Apply(own);
            chosen.Add(overload);
            result = result is null || result.Equals(own) ? own : CelType.Dyn;
        }

        _chosen[call] = [.. chosen];
        return result ?? Fail(call.Position, NoMatch(call.Function, target is not null, arguments));
    }

    private string NoMatch(string function, bool member, List<CelType> arguments)
    {
        var names = arguments.Select(a => _types.Apply(a, unknownIsDyn: true).Shown()).ToList();
        var shape = member ? $"{names[0]}.({string.Join(", ", names.Skip(1))})" : $"({string.Join(", ", names)})";
        return $"found no matching overload for '{function}' applied to '{shape}'";
    }

    /// <summary>A call on a dotted name may be a global function of that name: math.greatest(1, 2).</summary>
    public static (Overload[] Overloads, Expr? Target) Resolve(CelEnvironment environment, CallExpr call, Func<string, bool> isLocal)
    {
        if (call.Target is not null)
        {
            if (Names.Qualified(call.Target) is { } prefix && (Names.Root(call.Target) is not { } root || !isLocal(root))
                && Global(environment, $"{prefix}.{call.Function}") is { Length: > 0 } global)
            {
                return (global, null);
            }

            return (environment.Functions.Find(call.Function, member: true), call.Target);
        }

        return (Global(environment, call.Function), null);
    }

    private static Overload[] Global(CelEnvironment environment, string name)
    {
        foreach (var candidate in Names.Candidates(environment.Container, name))
        {
            if (environment.Functions.Find(candidate, member: false) is { Length: > 0 } found) return found;
        }

        return [];
    }

    private CelType List(ListExpr list, Scope<CelType>? scope)
    {
        CelType? element = null;
        foreach (var (value, optional) in list.Elements) element = _types.Join(element, Unwrapped(value, optional, scope));
        return CelType.List(element ?? _types.Fresh());
    }

    private CelType Map(MapExpr map, Scope<CelType>? scope)
    {
        CelType? keys = null, values = null;
        foreach (var (key, value, optional) in map.Entries)
        {
            keys = _types.Join(keys, Type(key, scope));
            values = _types.Join(values, Unwrapped(value, optional, scope));
        }

        return CelType.Map(keys ?? _types.Fresh(), values ?? _types.Fresh());
    }

    private CelType Unwrapped(Expr value, bool optional, Scope<CelType>? scope)
    {
        var type = Type(value, scope);
        if (!optional) return type;
        var inner = _types.Fresh();
        return _types.TryAssign([type], [CelType.Optional(inner)])
            ? _types.Find(inner) is { IsVariable: true } ? CelType.Dyn : _types.Find(inner)
            : Fail(value.Position, $"expected an optional, found '{_types.Apply(type, unknownIsDyn: true)}'");
    }

    private CelType OptionalMap(OptionalMapExpr map, Scope<CelType>? scope)
    {
        var inner = _types.Fresh();
        var target = Type(map.Target, scope);
        if (!_types.TryAssign([target], [CelType.Optional(inner)])) return Fail(map.Position, NoMatch(map.Flat ? "optFlatMap" : "optMap", true, [target]));
        var body = Type(map.Body, new Scope<CelType>(map.Name, inner, scope));
        if (!map.Flat) return CelType.Optional(body);
        var result = CelType.Optional(_types.Fresh());
        return _types.TryAssign([body], [result]) ? result : Fail(map.Body.Position, NoMatch("optFlatMap", true, [target, body]));
    }

    private CelType Loop(LoopExpr loop, Scope<CelType>? scope)
    {
        var range = _types.Find(Type(loop.Range, scope));
        var (key, value) = range switch
        {
            { Name: "list" } => (CelType.Int, range.Parameters[0]),
            { Name: "map" } => (range.Parameters[0], range.Parameters[1]),
            { IsDyn: true } or { IsVariable: true } => (CelType.Dyn, CelType.Dyn),
            _ => (Fail(loop.Range.Position, $"expression of type '{_types.Apply(range).Shown()}' cannot be range of a comprehension (must be list, map, or dynamic)"), CelType.Dyn),
        };
        var single = range.Name == "map" ? key : value;
        var inner = loop.Second is null
            ? new Scope<CelType>(loop.First, single, scope)
            : new Scope<CelType>(loop.Second, value, new Scope<CelType>(loop.First, key, scope));
        if (loop.Filter is not null) MustBeBool(loop.Filter, inner);
        if (loop.Kind is LoopKind.All or LoopKind.Exists or LoopKind.ExistsOne)
        {
            MustBeBool(loop.Body, inner);
            return CelType.Bool;
        }

        var body = Type(loop.Body, inner);
        return loop.Kind switch
        {
            LoopKind.TransformList => CelType.List(body),
            LoopKind.SortBy => CelType.List(single),
            LoopKind.TransformMap => CelType.Map(key, body),
            _ => _types.Find(body) is { Name: "map" or "dyn" } entry ? entry : Fail(loop.Body.Position, "an entry must be a map"),
        };
    }

    private void MustBeBool(Expr expr, Scope<CelType> scope)
    {
        var type = Type(expr, scope);
        if (!_types.TryAssign([type], [CelType.Bool])) Fail(expr.Position, $"expected type 'bool' but found '{_types.Apply(type, unknownIsDyn: true).Shown()}'");
    }
}
