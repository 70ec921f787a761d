using Slipway.Kubernetes.Connection;
using Slipway.Operator.Devices;
using Slipway.Scheduling.Tests.Harness;

namespace Slipway.Scheduling.Tests.Probing;

/// <summary>What Slipway finds a cluster to be able to do, against what the cluster keeps: scenarios 1 to 3. Each set of feature gates is another run.</summary>
public sealed class CapabilityTests(Cluster cluster)
{
    [Fact]
    public async Task S01_S02_S03_what_is_found_is_what_the_cluster_keeps()
    {
        var found = await new CapabilityProbe(new KubeClient(cluster.Connection), TimeProvider.System).GetAsync(TestContext.Current.CancellationToken);
        foreach (var line in found.Told()) TestContext.Current.TestOutputHelper!.WriteLine(line);

        Assert.True(found.Claims);
        Assert.Equal(cluster.HasGroups, found.Gangs.Dialect is not null);
        Assert.Equal(found.Gangs.Dialect is null, found.Gangs.Why.Length > 0);
        if (!cluster.HasGroups) return;
        Assert.Equal(cluster.Groups, $"scheduling.k8s.io/{found.Gangs.Dialect!.Version}");
        Assert.Equal(cluster.HasTopology, IsKept(found, "schedulingConstraints"));
        Assert.Equal(cluster.HasGroupClaims, IsKept(found, "resourceClaims"));
    }

    private static bool IsKept(ClusterCapabilities found, string field) => found.Fields.Single(f => f.Name.Contains($"({field})", StringComparison.Ordinal)).State is FieldState.Kept;
}
