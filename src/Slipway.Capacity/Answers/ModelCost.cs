using Slipway.Capacity.Cost;

namespace Slipway.Capacity.Answers;

/// <summary>What a pod of a model costs, or a model that has no pod on a node.</summary>
/// <param name="Namespace">The deployment's namespace.</param>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Node">The pod's node with its price; null without a pod on a node.</param>
/// <param name="PerHour">What it costs an hour now.</param>
/// <param name="MonthSoFar">What it cost since the month began (UTC), at the price and share of now.</param>
/// <param name="Forecast">That, and the rest of the month as now.</param>
internal sealed record ModelCost(string Namespace, string Deployment, NodeCost? Node, CostSum PerHour, CostSum MonthSoFar, CostSum Forecast)
{
    public static IEnumerable<ModelCost> Of(ClusterView view, ClusterCost cost, DateTimeOffset now)
    {
        var utc = now.ToUniversalTime();
        var start = new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
        var left = (decimal)(start.AddMonths(1) - utc).TotalHours;
        var onNodes = new HashSet<(string, string)>();
        foreach (var node in cost.Nodes)
        {
            foreach (var pod in node.Pods)
            {
                if (view.ModelOf(pod.Pod) is not { } name) continue;
                onNodes.Add((pod.Pod.Namespace, name));
                var since = pod.Pod.Created is { } created ? created > start ? created : start : (DateTimeOffset?)null;
                var spent = since is { } from ? pod.PerHour.Times((decimal)Math.Max(0, (utc - from).TotalHours)) : CostSum.NotKnown($"{pod.Pod.Namespace}/{pod.Pod.Name} does not say since when it runs");
                yield return new(pod.Pod.Namespace, name, node, pod.PerHour, spent, spent.Plus(pod.PerHour.Times(left)));
            }
        }

        foreach (var model in view.Models.Where(m => !onNodes.Contains((m.Namespace, m.Name))))
        {
            // Nothing runs on a node, so no node's price is shared: what waits costs nothing yet.
            var sum = model is { OnThisMachine: true, Replicas: > 0 } ? CostSum.NotKnown($"{model.Namespace}/{model.Name} runs on this machine, whose cost is in no price list") : CostSum.Zero;
            yield return new(model.Namespace, model.Name, null, sum, sum, sum);
        }
    }
}
