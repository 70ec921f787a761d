using System.Collections.Immutable;
using Slipway.Capacity.Cost;
using Slipway.Capacity.Inventory.Local;
using Slipway.Capacity.Prices;
using Slipway.Capacity.Quotas;

namespace Slipway.Capacity.Answers;

/// <summary>What there is to run models on, who has it, and what it costs: the answer of <c>slipway capacity</c> and of the REST API.</summary>
/// <param name="Of"><c>cluster</c>, or <c>machine</c> for the machine that Slipway runs on.</param>
/// <param name="At">When it was looked at.</param>
/// <param name="Nodes">The nodes, by name.</param>
/// <param name="Waiting">Pods of models that are on no node yet, as <c>namespace/name</c>.</param>
/// <param name="PerHour">What all nodes cost an hour.</param>
/// <param name="IdlePerHour">What of that nobody asked for.</param>
/// <param name="Notes">What could not be looked at, in words.</param>
public sealed record CapacityAnswer(
    string Of, DateTimeOffset At, ImmutableArray<NodeAnswer> Nodes, ImmutableArray<string> Waiting, CostAmount PerHour, CostAmount IdlePerHour, ImmutableArray<string> Notes)
{
    /// <summary>The quotas of namespaces that have models or limits on accelerators, as far as they may be read.</summary>
    public ImmutableArray<QuotaAnswer> Quotas { get; init; } = [];

    /// <summary>The queues of Kueue, as far as they may be read.</summary>
    public ImmutableArray<QueueAnswer> Queues { get; init; } = [];

    /// <summary>The same with what limits namespaces.</summary>
    /// <param name="limits">What limits them.</param>
    /// <param name="models">The namespaces that have models.</param>
    public CapacityAnswer With(NamespaceLimits limits, IReadOnlySet<string> models)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(models);
        return this with
        {
            Quotas = [.. limits.Quotas.Where(q => models.Contains(q.Namespace) || QuotaAnswer.IsOfDevices(q)).Select(QuotaAnswer.Of)],
            Queues = [.. limits.Queues.Select(QueueAnswer.Of)],
            Notes = [.. Notes, .. limits.Unread],
        };
    }

    /// <summary>Of a cluster.</summary>
    /// <param name="view">What was read.</param>
    /// <param name="prices">The prices that are known.</param>
    /// <param name="now">The time.</param>
    public static CapacityAnswer OfCluster(ClusterView view, PriceBook prices, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(view);
        var cost = ClusterCost.Of(view.Inventory, prices);
        return new CapacityAnswer(
            "cluster", now, [.. cost.Nodes.Select(n => NodeAnswer.OfNode(n, view, now))],
            [.. view.Inventory.Waiting.Where(p => view.ModelOf(p) is not null).Select(static p => $"{p.Namespace}/{p.Name}")],
            CostAmount.Of(cost.Total), CostAmount.Of(cost.Idle), view.Watched.Notes);
    }

    /// <summary>Of the machine that Slipway runs on. What its programs use of its accelerators is not known, nor what it costs.</summary>
    /// <param name="machine">What was seen.</param>
    /// <param name="name">The machine's name.</param>
    /// <param name="now">The time.</param>
    public static CapacityAnswer OfMachine(LocalMachine machine, string name, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var unknown = CostAmount.Of(CostSum.NotKnown("what this machine costs is in no price list"));
        return new CapacityAnswer("machine", now, [NodeAnswer.OfMachine(machine, name, unknown)], [], unknown, unknown, machine.Notes);
    }
}
