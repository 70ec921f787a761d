using System.Collections.Frozen;

namespace Slipway.Cel.Functions;

/// <summary>All overloads by function name.</summary>
internal sealed class FunctionTable
{
    private readonly FrozenDictionary<string, Overload[]> _byName;
    private readonly Overload[] _all;

    public FunctionTable(IEnumerable<Overload> overloads)
    {
        _all = [.. overloads];
        _byName = _all.GroupBy(o => o.Name).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    /// <returns>The overloads of one name that are called this way; empty when there is none.</returns>
    public Overload[] Find(string name, bool member) =>
        _byName.TryGetValue(name, out var overloads) ? [.. overloads.Where(o => o.IsMember == member)] : [];

    public FunctionTable With(params Overload[] more) => new(_all.Concat(more));
}
