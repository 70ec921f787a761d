using Slipway.Runtimes;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Vllm;

namespace Slipway.Integration.Tests.Harness;

internal static class ClusterRuntimes
{
    public static IReadOnlyList<IRuntime> All() => [new KaitoRuntime(), new DynamoRuntime(), new KubeRayRuntime(), new VllmRuntime(), new LlmDRuntime()];
}
