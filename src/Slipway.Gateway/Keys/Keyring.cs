using System.Collections.Frozen;
using Slipway.Api.Keys;

namespace Slipway.Gateway.Keys;

/// <summary>The keys as they stand, and which namespaces take one. Immutable, but for the keys' meters.</summary>
public sealed record Keyring
{
    /// <summary>No keys, and nobody takes one.</summary>
    public static Keyring Empty { get; } = new();

    /// <summary>The keys by their digests.</summary>
    public FrozenDictionary<string, Key> Keys { get; private init; } = FrozenDictionary<string, Key>.Empty;

    /// <summary>The namespaces whose models answer nobody without a key.</summary>
    public FrozenSet<string> Guarded { get; private init; } = FrozenSet<string>.Empty;

    /// <summary>Makes one.</summary>
    /// <param name="keys">The keys. Of two with one digest the older counts.</param>
    /// <param name="guarded">The namespaces that take a key.</param>
    /// <param name="before">The ring before, whose meters go on.</param>
    /// <param name="time">The clock.</param>
    public static Keyring Of(IEnumerable<ApiKey> keys, IEnumerable<string> guarded, Keyring before, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(before);
        var meters = before.Keys.Values.ToDictionary(static k => k.Uid, static k => k.Meter, StringComparer.Ordinal);
        var byDigest = new Dictionary<string, Key>(StringComparer.Ordinal);
        foreach (var key in keys.OrderBy(static k => k.Metadata.CreationTimestamp).ThenBy(static k => k.Metadata.Uid, StringComparer.Ordinal))
        {
            if (key.Metadata.DeletionTimestamp is not null) continue;
            var uid = key.Metadata.Uid ?? "";
            var made = new Key(key.Metadata.Namespace ?? "", key.Metadata.Name ?? "", uid, key.Spec, meters.GetValueOrDefault(uid) ?? new KeyMeter(time));
            if (byDigest.TryAdd(key.Spec.Digest, made)) made.Meter.Limit(key.Spec);
        }

        return new Keyring { Keys = byDigest.ToFrozenDictionary(StringComparer.Ordinal), Guarded = guarded.ToFrozenSet(StringComparer.Ordinal) };
    }
}

/// <summary>A key.</summary>
/// <param name="Namespace">The namespace whose models it opens.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">The object's.</param>
/// <param name="Spec">What it opens, and how far.</param>
/// <param name="Meter">What is done with it.</param>
public sealed record Key(string Namespace, string Name, string Uid, ApiKeySpec Spec, KeyMeter Meter);
