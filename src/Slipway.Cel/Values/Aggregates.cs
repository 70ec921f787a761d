namespace Slipway.Cel.Values;

internal sealed class ListValue : CelValue
{
    public static readonly ListValue Empty = new([]);

    /// <param name="items">The elements.</param>
    /// <param name="isSet">Whether order means nothing, as in a list of type set in a Kubernetes schema.</param>
    public ListValue(CelValue[] items, bool isSet = false)
    {
        Items = items;
        IsSet = isSet;
        Weight = 1 + Weights.Sum(items);
    }

    public CelValue[] Items { get; }

    public bool IsSet { get; }

    public override CelKind Kind => CelKind.List;

    public override CelType Type => CelType.List(CelType.Dyn);

    internal override long Weight { get; }

    public override object ToPlain() => Items.Select(i => i.ToPlain()).ToList();

    public override int GetHashCode()
    {
        // Order counts, or permutations of one list would all collide; only sets that are elements of sets could tell.
        var hash = new HashCode();
        if (!IsSet)
        {
            foreach (var item in Items) hash.Add(item);
            return hash.ToHashCode();
        }

        var sum = Items.Length;
        foreach (var item in Items) sum += item.GetHashCode();
        return sum;
    }

    public override string ToString() => $"[{string.Join(", ", Items.Select(i => i.ToString()))}]";

    internal override bool IsEqual(CelValue other)
    {
        if (other is not ListValue list || list.Items.Length != Items.Length) return false;
        if (IsSet || list.IsSet)
        {
            HashSet<CelValue> mine = [.. Items];
            return mine.SetEquals(list.Items);
        }

        for (var i = 0; i < Items.Length; i++)
        {
            if (!Items[i].IsEqual(list.Items[i])) return false;
        }

        return true;
    }

    public bool Contains(CelValue value)
    {
        foreach (var item in Items)
        {
            if (item.IsEqual(value)) return true;
        }

        return false;
    }
}

internal sealed class MapValue : CelValue
{
    public static readonly MapValue Empty = new([]);

    public MapValue(Dictionary<CelValue, CelValue> entries)
    {
        Entries = entries;
        Weight = 1 + Weights.Sum(entries.Keys) + Weights.Sum(entries.Values);
    }

    public Dictionary<CelValue, CelValue> Entries { get; }

    public override CelKind Kind => CelKind.Map;

    public override CelType Type => CelType.Map(CelType.Dyn, CelType.Dyn);

    internal override long Weight { get; }

    public static bool IsKey(CelValue key) => key.Kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String;

    public override object ToPlain() => Entries.ToDictionary(e => e.Key.ToPlain()!, e => e.Value.ToPlain());

    public override int GetHashCode()
    {
        var hash = Entries.Count;
        foreach (var (key, value) in Entries) hash += HashCode.Combine(key, value);
        return hash;
    }

    public override string ToString() => $"{{{string.Join(", ", Entries.Select(e => $"{e.Key}: {e.Value}"))}}}";

    internal override bool IsEqual(CelValue other)
    {
        if (other is not MapValue map || map.Entries.Count != Entries.Count) return false;
        foreach (var (key, value) in Entries)
        {
            if (!map.Entries.TryGetValue(key, out var theirs) || !value.IsEqual(theirs)) return false;
        }

        return true;
    }
}

internal static class Weights
{
    /// <summary>Saturates: a value built of shared parts may stand for more elements than a long can count.</summary>
    public static long Sum(IEnumerable<CelValue> values)
    {
        const long Most = long.MaxValue / 4;
        long sum = 0;
        foreach (var value in values) sum = Math.Min(Most, sum + value.Weight);
        return sum;
    }
}
