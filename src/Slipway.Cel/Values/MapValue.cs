namespace Slipway.Cel.Values;

internal sealed class MapValue : CelValue
{
    public static readonly MapValue Empty = new([]);

    private readonly ICelMap? _source;
    private Dictionary<CelValue, CelValue>? _entries;
    private long _weight;

    public MapValue(Dictionary<CelValue, CelValue> entries) => _entries = entries;

    public MapValue(ICelMap source) => _source = source;

    public Dictionary<CelValue, CelValue> Entries => _entries ??= Read(_source!);

    public int Count => _source?.Count ?? _entries!.Count;

    public override CelKind Kind => CelKind.Map;

    public override CelType Type => CelType.Map(CelType.Dyn, CelType.Dyn);

    // On demand: few maps are ever walked as a whole.
    internal override long Weight =>
        _weight > 0 ? _weight : _weight = 1 + (_source?.Weight ?? Weights.Sum(Entries.Keys) + Weights.Sum(Entries.Values));

    public static bool IsKey(CelValue key) => key.Kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String;

    public CelValue? Find(string key) => _source is not null ? _source.Find(key) : _entries!.GetValueOrDefault(new StringValue(key));

    public CelValue? Find(CelValue key) =>
        _source is null ? _entries!.GetValueOrDefault(key) : key is StringValue text ? _source.Find(text.Value) : null;

    public override object ToPlain() => Entries.ToDictionary(e => e.Key.ToPlain()!, e => e.Value.ToPlain());

    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (key, value) in Entries) hash += HashCode.Combine(key, value);
        return hash;
    }

    public override string ToString() => $"{{{string.Join(", ", Entries.Select(e => $"{e.Key}: {e.Value}"))}}}";

    internal override bool IsEqual(CelValue other)
    {
        if (other is not MapValue map || map.Count != Count) return false;
        if (_source is not null)
        {
            return _source.Keys.All(key => map.Find(key) is { } theirs && _source.Find(key)!.IsEqual(theirs))
                && (map._source is null || _source.IsSameBeyondKeys(map._source));
        }

        foreach (var (key, value) in Entries)
        {
            if (map.Find(key) is not { } theirs || !value.IsEqual(theirs)) return false;
        }

        return true;
    }

    private static Dictionary<CelValue, CelValue> Read(ICelMap source)
    {
        var entries = new Dictionary<CelValue, CelValue>(source.Count);
        foreach (var key in source.Keys) entries[new StringValue(key)] = source.Find(key)!;
        return entries;
    }
}
