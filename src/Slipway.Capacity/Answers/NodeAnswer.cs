using System.Collections.Immutable;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory.Local;
using Slipway.Capacity.Inventory.Watched;

namespace Slipway.Capacity.Answers;

/// <summary>A node, or this machine.</summary>
public sealed record NodeAnswer
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary><c>azure</c>, <c>aws</c>, <c>gcp</c>; null when the node does not say.</summary>
    public string? Provider { get; init; }

    /// <summary>The cloud's region; null when the node does not say.</summary>
    public string? Region { get; init; }

    /// <summary>The machine type; null when the node does not say.</summary>
    public string? MachineType { get; init; }

    /// <summary>Whether the cloud may take it back at any time.</summary>
    public bool Spot { get; init; }

    /// <summary>Whether a pod that tolerates the taints of accelerator nodes gets here.</summary>
    public bool Schedulable { get; init; } = true;

    /// <summary>Why a new pod does not get here, or needs a toleration for it; empty when nothing stands in the way.</summary>
    public ImmutableArray<string> Refusals { get; init; } = [];

    /// <summary>Processors for pods, thousandths of a core.</summary>
    public required long CpuMillis { get; init; }

    /// <summary>Of those, what nobody asked for; null when that is not known.</summary>
    public long? FreeCpuMillis { get; init; }

    /// <summary>Memory for pods, bytes; null when it is not known.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Of that, what nobody asked for; on this machine, what is not in use. Null when it is not known.</summary>
    public long? FreeMemoryBytes { get; init; }

    /// <summary>Its accelerators, one entry for each kind of unit.</summary>
    public required ImmutableArray<DeviceAnswer> Devices { get; init; }

    /// <summary>Its price.</summary>
    public required PriceFact Price { get; init; }

    /// <summary>What an hour of that which nobody asked for costs.</summary>
    public required CostAmount IdlePerHour { get; init; }

    /// <summary>What an hour of that costs which pods have of its accelerators and do not compute on; unknown where no monitor says how busy they are.</summary>
    public CostAmount HeldIdlePerHour { get; init; } = CostAmount.Of(CostSum.NotKnown("no monitor of the devices says how busy they are"));

    /// <summary>What its monitor read of each device; empty where there is none.</summary>
    public ImmutableArray<DeviceReading> Readings { get; init; } = [];

    internal static NodeAnswer OfNode(NodeCost cost, ClusterView view, DateTimeOffset now)
    {
        var node = cost.Node;
        return new NodeAnswer
        {
            Name = node.Node.Name,
            Provider = Said(node.Origin.Provider),
            Region = Said(node.Origin.Region),
            MachineType = Said(node.Origin.MachineType),
            Spot = node.Origin.Spot,
            Schedulable = node.Schedulable,
            Refusals = [.. node.Refusals.Select(static r => r.Reason)],
            CpuMillis = node.Node.Allocatable.CpuMillis,
            FreeCpuMillis = node.FreeCpuMillis,
            MemoryBytes = node.Node.Allocatable.MemoryBytes,
            FreeMemoryBytes = node.FreeMemoryBytes,
            Devices = [.. node.Devices.Select(d => DeviceAnswer.OfNode(d, view))],
            Price = PriceFact.Of(node, cost.Price, now),
            IdlePerHour = CostAmount.Of(cost.Idle),
            HeldIdlePerHour = CostAmount.Of(HeldIdle(cost, view.Watched)),
            Readings = view.Watched.On(node.Node.Name)?.Devices ?? [],
        };
    }

    // As a pod's share is reckoned: the part of the devices is that of the node.
    private static CostSum HeldIdle(NodeCost cost, WatchedNodes watched) => watched.HeldIdle(cost.Node) is not { } share ? CostSum.NotKnown("no monitor of the devices says how busy they are")
        : cost.Price.TryGet(out var price, out var reason) ? CostSum.Of(decimal.Round(price.Amount * (decimal)share, 9), price.Currency) : CostSum.NotKnown($"{cost.Node.Node.Name}: {reason}");

    internal static NodeAnswer OfMachine(LocalMachine machine, string name, CostAmount unknown) => new()
    {
        Name = name,
        CpuMillis = machine.Cpus * 1000L,
        MemoryBytes = machine.MemoryBytes,
        FreeMemoryBytes = machine.AvailableMemoryBytes,
        Devices = [.. machine.Devices.GroupBy(static d => DeviceAnswer.Kind(d.Match)).Select(static g => DeviceAnswer.OfMachine(g.First(), g.Count()))],
        Price = new PriceFact(name, null, null, null, null, null, null, unknown.Unknown),
        IdlePerHour = unknown,
    };

    private static string? Said(string text) => text.Length > 0 ? text : null;
}
