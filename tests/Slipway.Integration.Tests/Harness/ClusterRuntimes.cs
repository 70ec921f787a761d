using Slipway.Runtimes;

namespace Slipway.Integration.Tests.Harness;

internal static class ClusterRuntimes
{
    public static IReadOnlyList<IRuntime> All() => [];
}
