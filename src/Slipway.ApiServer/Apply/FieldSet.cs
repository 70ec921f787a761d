using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Apply;

/// <summary>
/// A set of field paths, the content of <c>fieldsV1</c> (KEP-555). A path element is written as there: <c>f:name</c>,
/// <c>k:{"name":"x"}</c>, <c>v:"x"</c>, <c>i:0</c>.
/// </summary>
internal sealed class FieldSet
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public bool IsEmpty => _entries.Values.All(e => !e.Member && (e.Children is null || e.Children.IsEmpty));

    public void Insert(string element) => Get(element).Member = true;

    public FieldSet Child(string element) => Get(element).Children ??= new FieldSet();

    public FieldSet? Below(string element) => _entries.TryGetValue(element, out var entry) ? entry.Children : null;

    public bool HasMember(string element) => _entries.TryGetValue(element, out var entry) && entry.Member;

    /// <summary>Gets whether the element or anything beneath it is in the set.</summary>
    public bool Touches(string element) =>
        _entries.TryGetValue(element, out var entry) && (entry.Member || entry.Children is { IsEmpty: false });

    public IEnumerable<string> Elements => _entries.Keys;

    public FieldSet Union(FieldSet other)
    {
        var result = Copy();
        result.Add(other);
        return result;
    }

    public void Add(FieldSet other)
    {
        foreach (var (element, entry) in other._entries)
        {
            var mine = Get(element);
            mine.Member |= entry.Member;
            if (entry.Children is { IsEmpty: false } children) (mine.Children ??= new FieldSet()).Add(children);
        }
    }

    public FieldSet Except(FieldSet other)
    {
        var result = new FieldSet();
        foreach (var (element, entry) in _entries)
        {
            var theirs = other._entries.GetValueOrDefault(element);
            if (entry.Member && theirs is not { Member: true }) result.Insert(element);
            if (entry.Children is null) continue;
            var below = theirs?.Children is { } c ? entry.Children.Except(c) : entry.Children.Copy();
            if (!below.IsEmpty) result.Get(element).Children = below;
        }

        return result;
    }

    public FieldSet Intersect(FieldSet other)
    {
        var result = new FieldSet();
        foreach (var (element, entry) in _entries)
        {
            if (!other._entries.TryGetValue(element, out var theirs)) continue;
            if (entry.Member && theirs.Member) result.Insert(element);
            if (entry.Children is null || theirs.Children is null) continue;
            var below = entry.Children.Intersect(theirs.Children);
            if (!below.IsEmpty) result.Get(element).Children = below;
        }

        return result;
    }

    /// <summary>Removes an element with everything beneath it.</summary>
    public void RemoveTree(string element) => _entries.Remove(element);

    /// <summary>Removes an element but not what lies beneath it.</summary>
    public void RemoveMember(string element)
    {
        if (_entries.TryGetValue(element, out var entry)) entry.Member = false;
    }

    public bool SameAs(FieldSet other) => Except(other).IsEmpty && other.Except(this).IsEmpty;

    public FieldSet Copy()
    {
        var copy = new FieldSet();
        foreach (var (element, entry) in _entries)
            copy._entries[element] = new Entry { Member = entry.Member, Children = entry.Children?.Copy() };
        return copy;
    }

    /// <summary>Enumerates the paths as messages show them.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        foreach (var (element, entry) in Ordered())
        {
            var path = prefix + PathElement.Show(element);
            if (entry.Member) yield return path;
            foreach (var inner in entry.Children?.Paths(path) ?? []) yield return inner;
        }
    }

    public JsonMap ToJson()
    {
        var json = new JsonMap();
        foreach (var (element, entry) in Ordered())
        {
            var below = entry.Children is { IsEmpty: false } children ? children.ToJson() : null;
            if (below is null && !entry.Member) continue;
            if (below is not null && entry.Member) below.Insert(0, ".", new JsonMap());
            json[element] = below ?? new JsonMap();
        }

        return json;
    }

    /// <returns>The set, or <see langword="null"/> when the JSON is none.</returns>
    public static FieldSet? FromJson(JsonMap json)
    {
        var set = new FieldSet();
        foreach (var (element, value) in json)
        {
            if (value is not JsonMap below) return null;
            if (element == ".") continue;
            if (!PathElement.IsValid(element)) return null;
            if (below.Count == 0 || below.ContainsKey(".")) set.Insert(element);
            if (below.Count == 0) continue;
            if (FromJson(below) is not { } children) return null;
            set.Get(element).Children = children;
        }

        return set;
    }

    private IEnumerable<KeyValuePair<string, Entry>> Ordered() =>
        _entries.OrderBy(e => PathElement.Rank(e.Key)).ThenBy(e => e.Key, StringComparer.Ordinal);

    private Entry Get(string element)
    {
        if (!_entries.TryGetValue(element, out var entry)) _entries[element] = entry = new Entry();
        return entry;
    }

    private sealed class Entry
    {
        public bool Member { get; set; }

        public FieldSet? Children { get; set; }
    }
}
