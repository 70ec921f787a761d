using System.Text.Json;
using Slipway.Capacity.Inventory;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Simulation.Scheduling;

/// <summary>Which taints a pod bears.</summary>
internal static class Tolerations
{
    /// <summary>The first taint that keeps a pod away; null when none does.</summary>
    /// <param name="podSpec">The pod's spec.</param>
    /// <param name="taints">The node's taints.</param>
    public static Taint? Objection(JsonElement podSpec, IEnumerable<Taint> taints) => taints.FirstOrDefault(t => !podSpec.Items("tolerations").Any(o => Bears(o, t)));

    private static bool Bears(JsonElement toleration, Taint taint) =>
        (toleration.Text("effect") is "" || toleration.Text("effect") == taint.Effect)
        && (toleration.Text("key").Length == 0 ? toleration.Text("operator") is "Exists" : toleration.Text("key") == taint.Key)
        && (toleration.Text("operator") is "Exists" || toleration.Text("value") == taint.Value);
}
