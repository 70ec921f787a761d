using Slipway.Api.Rollouts;
using Slipway.Evaluation.Statistics;

namespace Slipway.Operator.Rollouts;

/// <summary>The tests that gates' methods stand for.</summary>
public static class GateMethods
{
    /// <summary>The test.</summary>
    /// <param name="method">The method; null for a gate that names none.</param>
    public static TestMethod Test(this GateMethod? method) => method switch { GateMethod.GroupSequential => TestMethod.GroupSequential, GateMethod.Fixed => TestMethod.Fixed, _ => TestMethod.Betting };
}
