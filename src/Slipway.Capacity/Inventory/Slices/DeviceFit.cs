using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Inventory.Slices;

/// <summary>Whether claims of one shape fit a cluster.</summary>
public enum DeviceVerdict
{
    /// <summary>At least one fits now.</summary>
    Fits,

    /// <summary>None fits now, and one would if nothing were in use.</summary>
    FitsWhenIdle,

    /// <summary>No node has devices for one.</summary>
    Never,

    /// <summary>It cannot be told.</summary>
    Unknown,
}

/// <summary>How many claims of one shape fit a cluster, and why not more.</summary>
/// <param name="Verdict">The answer in a word.</param>
/// <param name="Nodes">How many fit at once on each node that has room for one.</param>
/// <param name="Reasons">Why devices were passed over, most frequent first, such as "24 devices: 81559Mi is less than 80Gi".</param>
/// <remarks>Advisory: the scheduler decides, and slices outlive a driver that is gone.</remarks>
public sealed record DeviceFit(DeviceVerdict Verdict, ImmutableSortedDictionary<string, int> Nodes, ImmutableArray<string> Reasons)
{
    /// <summary>How many claims fit at once.</summary>
    public int Total => Nodes.Values.Sum();

    /// <summary>Decides.</summary>
    /// <param name="claim">The spec of a ResourceClaim with one request.</param>
    /// <param name="classes">DeviceClasses, by name.</param>
    /// <param name="pools">The devices.</param>
    /// <param name="claims">The ResourceClaims of all namespaces, for what is in use.</param>
    /// <returns>The answer.</returns>
    public static DeviceFit Of(JsonElement claim, IReadOnlyDictionary<string, JsonElement> classes, DevicePools pools, IEnumerable<JsonElement> claims)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(pools);
        ArgumentNullException.ThrowIfNull(claims);
        var (alternatives, refusal) = DeviceRequest.ReadAll(claim, classes);
        if (alternatives is null) return Unknown(refusal!);
        var reasons = new Reasons();
        string[] common = [.. claim.At("devices").Items("constraints").Select(c => c.Text("matchAttribute")).Where(a => a.Length > 0)];
        var nodes = pools.ByNode.Select(n => (n.Node, Candidates: alternatives.Select(a => (Request: a, Devices: n.Devices.Where(d => a.Accepts(d, reasons)).ToList())).ToList())).ToList();
        var use = new DeviceUse(pools, claims);
        var now = Count(use);
        var verdict = now.Count > 0 ? DeviceVerdict.Fits : Count(new DeviceUse(pools, [])).Count > 0 ? DeviceVerdict.FitsWhenIdle : DeviceVerdict.Never;
        if (reasons.Failed && verdict is DeviceVerdict.Never) verdict = DeviceVerdict.Unknown;
        return new(verdict, now, [.. reasons.Told(), .. pools.Incomplete.Select(p => $"pool {p}: its driver is still publishing it")]);

        ImmutableSortedDictionary<string, int> Count(DeviceUse left) => nodes
            .Select(n => KeyValuePair.Create(n.Node, n.Candidates.Select(c => c.Request.Pack(c.Devices, left, common)).FirstOrDefault(c => c > 0)))
            .Where(n => n.Value > 0).ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private static DeviceFit Unknown(string why) => new(DeviceVerdict.Unknown, ImmutableSortedDictionary<string, int>.Empty, [why]);
}

/// <summary>Why devices are passed over, counted.</summary>
internal sealed class Reasons
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Whether an expression failed on a device, which ends the scheduling of a pod.</summary>
    public bool Failed { get; private set; }

    public bool Because(string reason, bool failed = false)
    {
        _counts[reason] = _counts.GetValueOrDefault(reason) + 1;
        Failed |= failed;
        return false;
    }

    public IEnumerable<string> Told() => _counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
        .Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Value} {(c.Value == 1 ? "device" : "devices")}: {c.Key}"));
}
