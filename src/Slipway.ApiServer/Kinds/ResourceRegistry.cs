using System.Collections.Frozen;

namespace Slipway.ApiServer.Kinds;

/// <summary>All resources served at one moment. Replaced whole when a CustomResourceDefinition changes.</summary>
internal sealed class RegistrySnapshot
{
    private readonly FrozenDictionary<(string Group, string Plural), ResourceType> _types;
    private readonly FrozenDictionary<(string Group, string Kind), ResourceType> _byKind;
    private readonly FrozenDictionary<string, ResourceType> _byBucket;

    public RegistrySnapshot(IEnumerable<ResourceType> types, long generation)
    {
        _types = types.ToFrozenDictionary(t => (t.Group, t.Plural));
        _byKind = _types.Values.GroupBy(t => (t.Group, t.Kind)).ToFrozenDictionary(g => g.Key, g => g.First());
        _byBucket = _types.Values.GroupBy(t => t.BucketName, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        Types = [.. _types.Values.OrderBy(t => t.Group, StringComparer.Ordinal).ThenBy(t => t.Plural, StringComparer.Ordinal)];
        Generation = generation;
    }

    /// <summary>Gets a number that grows with every change, for caches of what is derived from the registry.</summary>
    public long Generation { get; }

    /// <summary>Gets all resources, ordered by group and name.</summary>
    public IReadOnlyList<ResourceType> Types { get; }

    public ResourceType? Find(string group, string plural) => _types.GetValueOrDefault((group, plural));

    public ResourceType? FindKind(string apiVersion, string kind) => _byKind.GetValueOrDefault((GroupOf(apiVersion), kind));

    public ResourceType? FindBucket(string name) => _byBucket.GetValueOrDefault(name);

    public static string GroupOf(string apiVersion)
    {
        var slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? "" : apiVersion[..slash];
    }

    /// <summary>Groups with their served versions, the preferred one first.</summary>
    public IEnumerable<(string Group, IReadOnlyList<string> Versions)> Groups() => Types
        .GroupBy(t => t.Group, StringComparer.Ordinal)
        .Select(g => (g.Key, (IReadOnlyList<string>)[.. g.SelectMany(t => t.Versions).Where(v => v.Served)
            .Select(v => v.Name).Distinct(StringComparer.Ordinal).Order(VersionPriority.Instance)]))
        .Where(g => g.Item2.Count > 0);
}

/// <summary>The registry that requests read and the CRD worker replaces.</summary>
internal sealed class ResourceRegistry(IEnumerable<ResourceType> builtIn)
{
    private readonly List<ResourceType> _builtIn = [.. builtIn];
    private RegistrySnapshot _current = new(builtIn, 0);

    public RegistrySnapshot Current => Volatile.Read(ref _current);

    /// <summary>Replaces the custom resources; a built-in resource of the same name stays.</summary>
    public void Publish(IEnumerable<ResourceType> custom)
    {
        var taken = _builtIn.Select(t => (t.Group, t.Plural)).ToHashSet();
        Volatile.Write(ref _current, new(_builtIn.Concat(custom.Where(c => taken.Add((c.Group, c.Plural)))), Current.Generation + 1));
    }
}

/// <summary>Orders versions as Kubernetes prefers them: GA before beta before alpha, the higher number first, then by name.</summary>
internal sealed class VersionPriority : IComparer<string>
{
    public static readonly VersionPriority Instance = new();

    public int Compare(string? x, string? y)
    {
        var (a, b) = (Rank(x!), Rank(y!));
        if (a.Known != b.Known) return a.Known ? -1 : 1;
        if (!a.Known) return string.CompareOrdinal(x, y);
        if (a.Stage != b.Stage) return b.Stage.CompareTo(a.Stage);
        return a.Major != b.Major ? b.Major.CompareTo(a.Major) : b.Minor.CompareTo(a.Minor);
    }

    private static (bool Known, int Stage, int Major, int Minor) Rank(string version)
    {
        if (version.Length < 2 || version[0] != 'v') return default;
        var digits = version.AsSpan(1);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        if (end < 0) return int.TryParse(digits, out var ga) ? (true, 3, ga, 0) : default;
        if (!int.TryParse(digits[..end], out var major)) return default;
        var rest = digits[end..];
        var stage = rest.StartsWith("beta") ? 2 : rest.StartsWith("alpha") ? 1 : 0;
        if (stage == 0) return default;
        var number = rest[(stage == 2 ? 4 : 5)..];
        if (number.Length == 0) return (true, stage, major, 0);
        return int.TryParse(number, out var minor) ? (true, stage, major, minor) : default;
    }
}
