using System.Collections.Immutable;
using Slipway.Runtimes.Gangs;

namespace Slipway.Runtimes;

/// <summary>What a cluster serves of kinds that it may lack, by `plural.group`, each with its served versions.</summary>
/// <param name="Served">The versions by definition name; built-in kinds are listed only where a version of Kubernetes may lack them.</param>
public sealed record ClusterApis(ImmutableDictionary<string, ImmutableArray<string>> Served)
{
    /// <summary>Whether it starts the pods of one replica together.</summary>
    public GangSupport Gangs { get; init; } = GangSupport.NotAsked;

    /// <summary>A cluster without custom kinds.</summary>
    public static ClusterApis None { get; } = new(ImmutableDictionary<string, ImmutableArray<string>>.Empty);

    /// <summary>The version of a kind to use: the preferred one, or the best of the others that is served.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The version, or <see langword="null"/> when the cluster serves none that will do.</returns>
    public string? Version(RuntimeObject kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        if (!kind.IsCustom && !kind.IsDiscovered) return kind.Version;
        if (!Served.TryGetValue($"{kind.Plural}.{kind.Group}", out var versions)) return null;
        return versions.Contains(kind.Version) ? kind.Version : kind.OtherVersions.FirstOrDefault(v => versions.Contains(v));
    }
}
