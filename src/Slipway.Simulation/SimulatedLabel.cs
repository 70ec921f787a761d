using Slipway.Capacity.Inventory.Simulated;

namespace Slipway.Simulation;

/// <summary>The label of all that is simulated; pods are simulated on nodes that have it, and on no other.</summary>
public static class SimulatedLabel
{
    /// <summary>Its key.</summary>
    public const string Key = SimulatedCluster.Label;
}
