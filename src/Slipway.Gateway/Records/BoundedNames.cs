using System.Collections.Concurrent;

namespace Slipway.Gateway.Records;

/// <summary>Names as labels: the first so many are themselves, the rest are `other`.</summary>
/// <param name="most">How many.</param>
internal sealed class BoundedNames(int most)
{
    private const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The label of a name, the same every time.</summary>
    public string Of(string name)
    {
        if (_names.TryGetValue(name, out var label)) return label;
        if (Volatile.Read(ref _count) >= most) return Other;
        if (!_names.TryAdd(name, name)) return name;
        Interlocked.Increment(ref _count);
        return name;
    }
}
