using Slipway.Cel.Checking;
using Slipway.Cel.Functions;
using Slipway.Cel.Libraries;
using Slipway.Cel.Syntax;
using Slipway.Cel.Values;

namespace Slipway.Cel.Evaluation;

/// <summary>Turns a syntax tree into nodes: names become slots and variables, calls their overloads.</summary>
internal sealed class Planner(CelEnvironment environment, IReadOnlyDictionary<CallExpr, Overload[]>? chosen = null)
{
    private readonly List<(int Position, string Message)> _issues = [];

    public int Slots { get; private set; }

    /// <summary>The declared variables that the expression uses.</summary>
    public HashSet<string> Variables { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<(int Position, string Message)> Issues => _issues;

    public Node Plan(Expr expr) => Plan(expr, null);

    private Node Plan(Expr expr, Scope<int>? scope)
    {
        switch (StackGuard.For(expr))
        {
            case LiteralExpr literal:
                return new ConstantNode(literal.Value);
            case NameExpr:
                return Name(expr, scope)!;
            case SelectExpr select:
                if (Name(expr, scope) is { } name) return name;
                var mode = select.TestOnly ? SelectMode.Test : select.Optional ? SelectMode.Optional : SelectMode.Required;
                return new SelectNode(Plan(select.Operand, scope), select.Field, mode);
            case CallExpr call:
                return Call(call, scope);
            case ListExpr list:
                return List(list, scope);
            case MapExpr map:
                return new MapNode([.. map.Entries.Select(e => (Plan(e.Key, scope), Plan(e.Value, scope), e.Optional))]);
            case BindExpr bind:
                var value = Plan(bind.Value, scope);
                var slot = Slots++;
                return new BindNode(value, slot, Plan(bind.Body, new Scope<int>(bind.Name, slot, scope)));
            case OptionalMapExpr map:
                var target = Plan(map.Target, scope);
                var inner = Slots++;
                return new OptionalMapNode(target, inner, Plan(map.Body, new Scope<int>(map.Name, inner, scope)), map.Flat);
            case LoopExpr loop:
                return Loop(loop, scope);
            default:
                throw new InvalidOperationException($"no plan for {expr.GetType().Name}");
        }
    }

    /// <summary>A list of literals is one, made once.</summary>
    private Node List(ListExpr list, Scope<int>? scope)
    {
        var elements = list.Elements.Select(e => (Node: Plan(e.Value, scope), e.Optional)).ToArray();
        return Array.TrueForAll(elements, e => !e.Optional && e.Node is ConstantNode { Value: not ErrorValue })
            ? new ConstantNode(new ListValue([.. elements.Select(e => ((ConstantNode)e.Node).Value)]))
            : new ListNode(elements);
    }

    private LoopNode Loop(LoopExpr loop, Scope<int>? scope)
    {
        var range = Plan(loop.Range, scope);
        var first = Slots++;
        var second = loop.Second is null ? -1 : Slots++;
        var inner = new Scope<int>(loop.First, first, scope);
        if (loop.Second is not null) inner = new Scope<int>(loop.Second, second, inner);
        return new LoopNode(loop.Kind, range, first, second, loop.Filter is null ? null : Plan(loop.Filter, inner), Plan(loop.Body, inner));
    }

    /// <summary>A name, or a selection that may be a dotted name; null when it is a selection from something else.</summary>
    private Node? Name(Expr expr, Scope<int>? scope)
    {
        if (Names.Qualified(expr) is not { } name) return null;
        if (Names.Root(expr) is { } root && Scope<int>.TryFind(scope, root, out var slot)) return expr is NameExpr ? new SlotNode(slot) : null;
        var candidates = Names.Candidates(environment.Container, name).ToArray();
        if (!environment.IsChecked) return Unchecked(name);
        foreach (var candidate in candidates)
        {
            if (environment.Variables.ContainsKey(candidate))
            {
                Variables.Add(candidate);
                return new VariableNode(candidate);
            }

            if (CelEnvironment.TypeNamed(candidate) is { } type) return new ConstantNode(new TypeValue(type));
        }

        return expr is NameExpr ? Unchecked(name) : null;
    }

    private UncheckedNameNode Unchecked(string name)
    {
        var parts = name.TrimStart('.').Split('.');
        var dot = name.StartsWith('.') ? "." : "";
        List<(string[], string[])> readings = [];
        for (var length = parts.Length; length > 0; length--)
        {
            var prefix = dot + string.Join('.', parts.Take(length));
            readings.Add(([.. Names.Candidates(environment.Container, prefix)], parts[length..]));
        }

        var type = readings[0].Item1.Select(CelEnvironment.TypeNamed).FirstOrDefault(t => t is not null);
        return new UncheckedNameNode(name, readings, type is null ? null : new TypeValue(type));
    }

    private Node Call(CallExpr call, Scope<int>? scope)
    {
        switch (call.Function, call.Arguments.Count)
        {
            case ("_&&_", 2): return new LogicNode(Plan(call.Arguments[0], scope), Plan(call.Arguments[1], scope), BoolValue.False);
            case ("_||_", 2): return new LogicNode(Plan(call.Arguments[0], scope), Plan(call.Arguments[1], scope), BoolValue.True);
            case ("_?_:_", 3): return new ConditionalNode(Plan(call.Arguments[0], scope), Plan(call.Arguments[1], scope), Plan(call.Arguments[2], scope));
            case ("_[_]", 2): return new IndexNode(Plan(call.Arguments[0], scope), Plan(call.Arguments[1], scope), optional: false);
            case ("_[?_]", 2): return new IndexNode(Plan(call.Arguments[0], scope), Plan(call.Arguments[1], scope), optional: true);
        }

        var (overloads, target) = Checker.Resolve(environment, call, root => Scope<int>.TryFind(scope, root, out _));
        if (target is not null && call is { Function: "or" or "orValue", Arguments: [var otherwise] })
        {
            return new OrElseNode(Plan(target, scope), Plan(otherwise, scope), unwrap: call.Function == "orValue");
        }

        if (chosen?.GetValueOrDefault(call) is { Length: > 0 } fitting) overloads = fitting;
        if (overloads.Length == 0) return new ConstantNode(new ErrorValue($"unbound function: {call.Function}"));
        if (call.Function is "matches" or "find" or "findAll" && PatternOf(call) is { } pattern && Patterns.Compile(pattern).Error is { } error)
        {
            _issues.Add((call.Function == "matches" ? call.Arguments[^1].Position : call.Position, call.Function == "matches" ? "invalid matches argument" : error));
        }

        // A literal that is no time can be told before evaluation.
        if (environment.ChecksLiterals && target is null && call is { Function: "duration" or "timestamp", Arguments: [LiteralExpr { Value: StringValue text } literal] }
            && (call.Function == "duration" ? TimeText.Duration(text.Value) : TimeText.Timestamp(text.Value)) is null or ErrorValue)
        {
            _issues.Add((literal.Position, $"invalid {call.Function} argument"));
        }

        List<Node> arguments = target is null ? [] : [Plan(target, scope)];
        arguments.AddRange(call.Arguments.Select(a => Plan(a, scope)));
        return new CallNode(call.Function, overloads, [.. arguments], isPatternKnown: PatternOf(call) is not null);
    }

    private static string? PatternOf(CallExpr call)
    {
        var index = call.Target is null ? 1 : 0;
        return call.Arguments.Count > index && call.Arguments[index] is LiteralExpr { Value: StringValue pattern } ? pattern.Value : null;
    }
}
