using Slipway.Cel.Syntax;

namespace Slipway.Cel.Checking;

/// <summary>What the checker learned about type variables (CEL spec, "Type Checking").</summary>
internal sealed class Substitution
{
    private const int MaxWork = 2_000_000;

    private readonly Dictionary<string, CelType> _bound = [];
    private readonly Stack<(string Name, CelType? Before)> _trail = new();
    private int _fresh;
    private int _work;

    public CelType Fresh() => CelType.Named($"<{_fresh++}>");

    /// <summary>Replaces a signature's variables by fresh ones, the same for the same name.</summary>
    public CelType Instantiate(CelType type, Dictionary<string, CelType> names)
    {
        if (type.IsVariable)
        {
            if (!names.TryGetValue(type.Name, out var fresh)) names[type.Name] = fresh = Fresh();
            return fresh;
        }

        return type.Parameters.Count == 0 ? type : CelType.Named(type.Name, [.. type.Parameters.Select(p => Instantiate(p, names))]);
    }

    public CelType Find(CelType type)
    {
        while (type.IsVariable && _bound.TryGetValue(type.Name, out var bound)) type = bound;
        return type;
    }

    /// <summary>The type with all that is known put in; what stays unknown becomes dyn when asked so.</summary>
    public CelType Apply(CelType type, bool unknownIsDyn = false)
    {
        Count();
        type = Find(type);
        if (type.IsVariable) return unknownIsDyn ? CelType.Dyn : type;
        return type.Parameters.Count == 0 ? type : CelType.Named(type.Name, [.. type.Parameters.Select(p => Apply(p, unknownIsDyn))]);
    }

    /// <summary>Whether all values fit all targets; learns from success, forgets on failure.</summary>
    public bool TryAssign(IReadOnlyList<CelType> values, IReadOnlyList<CelType> targets)
    {
        var mark = _trail.Count;
        for (var i = 0; i < values.Count; i++)
        {
            if (Assign(values[i], targets[i])) continue;
            Undo(mark);
            return false;
        }

        return true;
    }

    /// <summary>The type of a list's or map's elements so far, joined with one more: the more general of the two, or dyn.</summary>
    public CelType Join(CelType? previous, CelType current)
    {
        if (previous is null) return current;
        return TryAssign([previous], [current]) ? General(previous, current) : CelType.Dyn;
    }

    private void Set(string variable, CelType type)
    {
        _trail.Push((variable, _bound.GetValueOrDefault(variable)));
        _bound[variable] = type;
    }

    private void Undo(int mark)
    {
        while (_trail.Count > mark)
        {
            var (name, before) = _trail.Pop();
            if (before is null) _bound.Remove(name);
            else _bound[name] = before;
        }
    }

    /// <summary>A map from x to x, bound again and again, has a type that doubles each time.</summary>
    private void Count()
    {
        if (++_work > MaxWork) throw new SyntaxException(0, "the types of the expression are too large to check");
    }

    private CelType General(CelType a, CelType b) => IsAtLeastAsGeneral(a, b) ? a : b;

    private bool Assign(CelType value, CelType target)
    {
        Count();
        (value, target) = (Last(value), Last(target));
        if (target.IsVariable) return Bind(value, target);
        if (value.IsVariable) return Bind(target, value);
        if (value.IsDyn || target.IsDyn) return true;
        // A wrapper holds null or its value, and stands for its value where that is needed.
        if (value.Name == "wrapper" && target.Name != "wrapper") return Assign(value.Parameters[0], target);
        if (target.Name == "wrapper" && value.Name is not ("wrapper" or "null_type")) return Assign(value, target.Parameters[0]);
        if (value.Name == CelType.Null.Name) return TakesNull(target);
        if (value.Name != target.Name || value.Parameters.Count != target.Parameters.Count) return false;
        // The type of a type names what it is of, but a type is a type.
        if (value.Name == "type") return true;
        for (var i = 0; i < value.Parameters.Count; i++)
        {
            if (!Assign(value.Parameters[i], target.Parameters[i])) return false;
        }

        return true;
    }

    /// <summary>Follows variables bound to variables, and stops at the last one, which may itself be bound to a type.</summary>
    private CelType Last(CelType type)
    {
        while (type.IsVariable && _bound.TryGetValue(type.Name, out var bound) && bound.IsVariable) type = bound;
        return type;
    }

    private bool Bind(CelType value, CelType variable)
    {
        if (value.Name == variable.Name) return true;
        if (_bound.TryGetValue(variable.Name, out var bound))
        {
            if (!Assign(value, bound)) return false;
            var general = General(value, bound);
            if (!Occurs(variable.Name, general)) Set(variable.Name, general);
            return true;
        }

        if (Occurs(variable.Name, value)) return false;
        Set(variable.Name, value);
        return true;
    }

    private bool Occurs(string variable, CelType type)
    {
        Count();
        type = Find(type);
        return type.Name == variable || type.Parameters.Any(p => Occurs(variable, p));
    }

    private static bool TakesNull(CelType target) =>
        target.Name is "null_type" or "wrapper" or "google.protobuf.Timestamp" or "google.protobuf.Duration" || target.Name.Contains('.', StringComparison.Ordinal);

    private bool IsAtLeastAsGeneral(CelType a, CelType b)
    {
        Count();
        (a, b) = (Find(a), Find(b));
        if (a.IsDyn || a.IsVariable) return true;
        if (a.Name == "wrapper" && b.Name != "wrapper") return true;
        if (b.IsDyn || b.IsVariable || a.Name != b.Name || a.Parameters.Count != b.Parameters.Count) return false;
        return a.Parameters.Zip(b.Parameters).All(p => IsAtLeastAsGeneral(p.First, p.Second));
    }
}
