using System.Collections.Immutable;
using Slipway.Capacity.Accelerators;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Local;

namespace Slipway.Capacity.Answers;

/// <summary>The accelerators of one kind on a node: whole ones, shared ones, or slices of one size.</summary>
public sealed record DeviceAnswer
{
    /// <summary>The extended resource, as in <c>nvidia.com/gpu</c>; on this machine the device's address.</summary>
    public required string Resource { get; init; }

    /// <summary>The key in the table of accelerators; null when it is not known what it is.</summary>
    public string? Accelerator { get; init; }

    /// <summary>Its name; null when it is not known.</summary>
    public string? Name { get; init; }

    /// <summary>Memory that one unit can count on, bytes; null when it is not known.</summary>
    public long? UnitMemoryBytes { get; init; }

    /// <summary>How a device is shared, as in <c>MIG 1g.5gb</c>; null for whole devices.</summary>
    public string? Shared { get; init; }

    /// <summary>Units.</summary>
    public required long Total { get; init; }

    /// <summary>Units that work; null where nobody says.</summary>
    public long? Allocatable { get; init; }

    /// <summary>Units that pods have; null where that is not known.</summary>
    public long? Used { get; init; }

    /// <summary>Units that nobody has; null where that is not known.</summary>
    public long? Free { get; init; }

    /// <summary>Whole devices that the units amount to, by memory; null when it is not known.</summary>
    public double? WholeDevices { get; init; }

    /// <summary>The pods that have units.</summary>
    public ImmutableArray<DeviceHolder> Holders { get; init; } = [];

    /// <summary>What is doubtful about it; null when nothing is.</summary>
    public string? Note { get; init; }

    /// <summary>Why it is not known what it is; null when it is.</summary>
    public string? Unknown { get; init; }

    /// <summary>What was seen of it, as <c>label=value</c>.</summary>
    public ImmutableArray<string> Seen { get; init; } = [];

    /// <summary>Keys of the accelerators that an unknown one may be.</summary>
    public ImmutableArray<string> Candidates { get; init; } = [];

    internal static DeviceAnswer OfNode(DeviceInventory device, ClusterView view) => Of(device.Resource, device.Match, device.Total) with
    {
        Allocatable = device.Allocatable,
        Used = device.Used,
        Free = device.Free,
        WholeDevices = device.Devices,
        Holders = [.. device.Users.Select(u => new DeviceHolder(u.Pod.Namespace, u.Pod.Name, view.ModelOf(u.Pod), u.Units))],
    };

    internal static DeviceAnswer OfMachine(LocalDevice device, int count) =>
        Of(device.Address, device.Match, count) with { WholeDevices = device.Match is AcceleratorMatch.Known ? count : null };

    /// <summary>What tells one kind of a machine's devices from another.</summary>
    internal static string Kind(AcceleratorMatch match) => match switch
    {
        AcceleratorMatch.Known known => $"{known.Facts.Device.Key} {known.Device.MemoryBytes} {known.Fraction.How}",
        AcceleratorMatch.Unknown unknown => $"? {string.Join(' ', unknown.Seen)}",
        _ => "",
    };

    private static DeviceAnswer Of(string resource, AcceleratorMatch match, long total) => match switch
    {
        AcceleratorMatch.Known known => new DeviceAnswer
        {
            Resource = resource,
            Total = total,
            Accelerator = known.Facts.Device.Key,
            Name = known.Facts.Device.Name,
            UnitMemoryBytes = known.UnitMemoryBytes,
            Shared = known.Fraction.How.Length > 0 ? known.Fraction.How : null,
            Note = known.Note.Length > 0 ? known.Note : null,
            Seen = [known.Seen],
        },
        AcceleratorMatch.Unknown unknown => new DeviceAnswer { Resource = resource, Total = total, Unknown = unknown.Reason, Seen = unknown.Seen, Candidates = unknown.Candidates },
        _ => throw new ArgumentOutOfRangeException(nameof(match)),
    };
}

/// <summary>A pod that has units of an accelerator.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Pod">Its name.</param>
/// <param name="Deployment">The deployment of a model that it serves; null when it serves none.</param>
/// <param name="Units">How many units.</param>
public sealed record DeviceHolder(string Namespace, string Pod, string? Deployment, long Units);
