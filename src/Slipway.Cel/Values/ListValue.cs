namespace Slipway.Cel.Values;

internal sealed class ListValue : CelValue
{
    public static readonly ListValue Empty = new([]);

    private readonly ICelList? _source;
    private CelValue[]? _items;
    private long _weight;

    /// <param name="items">The elements.</param>
    /// <param name="isSet">Whether order means nothing, as in a list of type set in a Kubernetes schema.</param>
    /// <param name="keys">The members by which elements are told apart, as in a list of type map; order means nothing then either.</param>
    public ListValue(CelValue[] items, bool isSet = false, IReadOnlyList<string>? keys = null) => (_items, IsSet, Keys) = (items, isSet, keys);

    public ListValue(ICelList source, bool isSet, IReadOnlyList<string>? keys) => (_source, IsSet, Keys) = (source, isSet, keys);

    public CelValue[] Items => _items ??= Read(_source!);

    public int Count => _items?.Length ?? _source!.Count;

    public bool IsSet { get; }

    public IReadOnlyList<string>? Keys { get; }

    public override CelKind Kind => CelKind.List;

    public override CelType Type => CelType.List(CelType.Dyn);

    // On demand: few lists are ever walked as a whole.
    internal override long Weight => _weight > 0 ? _weight : _weight = 1 + (_source?.Weight ?? Weights.Sum(Items));

    public CelValue At(int index) => _items is not null ? _items[index] : _source![index];

    public override object ToPlain() => Items.Select(i => i.ToPlain()).ToList();

    public override int GetHashCode()
    {
        // Order counts, or permutations of one list would all collide; only sets that are elements of sets could tell.
        var hash = new HashCode();
        if (!IsSet && Keys is null)
        {
            foreach (var item in Items) hash.Add(item);
            return hash.ToHashCode();
        }

        var sum = Count;
        foreach (var item in Items) sum += item.GetHashCode();
        return sum;
    }

    public override string ToString() => $"[{string.Join(", ", Items.Select(i => i.ToString()))}]";

    internal override bool IsEqual(CelValue other)
    {
        if (other is not ListValue list || list.Count != Count) return false;
        if (IsSet || list.IsSet)
        {
            HashSet<CelValue> mine = [.. Items];
            return mine.SetEquals(list.Items);
        }

        if (Keys is not null || list.Keys is not null) return Keyed.Same(this, list, (Keys ?? list.Keys)!);
        for (var i = 0; i < Count; i++)
        {
            if (!At(i).IsEqual(list.At(i))) return false;
        }

        return true;
    }

    public bool Contains(CelValue value)
    {
        for (var i = 0; i < Count; i++)
        {
            if (At(i).IsEqual(value)) return true;
        }

        return false;
    }

    /// <summary>
    /// Both lists' elements: a set adds what it lacks, a keyed list takes the other's element in place of its own of the same key
    /// (KEP-2876, "Set and map lists").
    /// </summary>
    public ListValue Plus(ListValue other)
    {
        if (IsSet) return new ListValue([.. Items.Union(other.Items)], isSet: true);
        return Keys is not null ? new ListValue(Keyed.Merge(this, other, Keys), keys: Keys) : new ListValue([.. Items, .. other.Items]);
    }

    private static CelValue[] Read(ICelList source)
    {
        var items = new CelValue[source.Count];
        for (var i = 0; i < items.Length; i++) items[i] = source[i];
        return items;
    }
}

/// <summary>Lists whose elements are told apart by some of their members.</summary>
internal static class Keyed
{
    public static bool Same(ListValue a, ListValue b, IReadOnlyList<string> keys)
    {
        var mine = Index(a, keys);
        foreach (var item in b.Items)
        {
            if (!mine.TryGetValue(KeyOf(item, keys), out var at) || !a.Items[at].IsEqual(item)) return false;
        }

        return true;
    }

    public static CelValue[] Merge(ListValue a, ListValue b, IReadOnlyList<string> keys)
    {
        List<CelValue> merged = [.. a.Items];
        var mine = Index(a, keys);
        foreach (var item in b.Items)
        {
            if (mine.TryGetValue(KeyOf(item, keys), out var at)) merged[at] = item;
            else merged.Add(item);
        }

        return [.. merged];
    }

    private static Dictionary<CelValue, int> Index(ListValue list, IReadOnlyList<string> keys)
    {
        var index = new Dictionary<CelValue, int>(list.Count);
        for (var i = 0; i < list.Count; i++) index[KeyOf(list.Items[i], keys)] = i;
        return index;
    }

    private static ListValue KeyOf(CelValue item, IReadOnlyList<string> keys)
    {
        var parts = new CelValue[keys.Count];
        for (var i = 0; i < parts.Length; i++) parts[i] = (item as MapValue)?.Find(keys[i]) ?? CelValue.Null;
        return new ListValue(parts);
    }
}
