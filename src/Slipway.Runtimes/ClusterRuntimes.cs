using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Vllm;

namespace Slipway.Runtimes;

/// <summary>The runtimes that Slipway drives in a cluster.</summary>
public static class ClusterRuntimes
{
    /// <summary>All of them, in the order in which ties are named.</summary>
    /// <returns>New instances.</returns>
    public static IReadOnlyList<IRuntime> All() => [new KaitoRuntime(), new DynamoRuntime(), new KubeRayRuntime(), new VllmRuntime(), new LlmDRuntime()];
}
