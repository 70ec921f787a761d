using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Autoscalers;
using Slipway.Capacity.Quotas;

namespace Slipway.Operator.Waits;

/// <summary>What was looked up for a deployment that waits.</summary>
internal sealed record WaitFacts
{
    /// <summary>The quotas of its namespace; null where they were not asked for, or may not be read.</summary>
    public ImmutableArray<NamespaceQuota>? Quotas { get; init; }

    /// <summary>Extended resources by DeviceClass.</summary>
    public ImmutableDictionary<string, string> Classes { get; init; } = QuotaAsks.NoClasses;

    /// <summary>Whether the cluster has Kueue; null where that was not asked for, or may not be known.</summary>
    public bool? HasKueue { get; init; }

    /// <summary>The names of the namespace's LocalQueues.</summary>
    public ImmutableArray<string> Queues { get; init; } = [];

    /// <summary>Kueue's Workloads in the namespace.</summary>
    public ImmutableArray<JsonElement> Workloads { get; init; } = [];

    /// <summary>What makes nodes.</summary>
    public ImmutableArray<NodeMaker> NodeMakers { get; init; } = [];
}
