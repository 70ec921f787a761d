using System.Text.Json.Nodes;
using Slipway.Operator.Install;
using Slipway.Runtimes;

namespace Slipway.Operator.Tests.Install;

/// <summary>The monitors of devices: nothing of them unless they are asked for, and no more rights than they need.</summary>
public sealed class DeviceMonitorManifestsTests
{
    private static readonly InstallOptions s_options = new() { Runtimes = ClusterRuntimes.All() };

    [Fact]
    public void They_are_off_by_default() => Assert.DoesNotContain(Manifests.All(s_options), static o => o.ToJsonString().Contains("adminAccess", StringComparison.Ordinal) || (string?)o["kind"] == "DaemonSet");

    [Fact]
    public void They_look_at_all_devices_of_a_node_in_a_namespace_that_is_not_theirs_to_make_or_label()
    {
        var objects = Manifests.All(s_options with { DeviceMonitor = "gpu-monitor" }).ToList();
        var own = objects.Where(static o => (string?)o["metadata"]!["namespace"] == "gpu-monitor").ToList();
        Assert.Equal(["ServiceAccount", "Role", "RoleBinding", "ResourceClaimTemplate", "DaemonSet"], own.Select(static o => (string?)o["kind"]));
        Assert.DoesNotContain(objects, static o => (string?)o["kind"] == "Namespace" && (string?)o["metadata"]!["name"] == "gpu-monitor");
        Assert.DoesNotContain(objects, static o => o.ToJsonString().Contains("resource.kubernetes.io/admin-access", StringComparison.Ordinal));
        var request = own[3]["spec"]!["spec"]!["devices"]!["requests"]![0]!["exactly"]!;
        Assert.Equal(("All", true), ((string?)request["allocationMode"], (bool?)request["adminAccess"]));
        Assert.Equal((string?)own[3]["metadata"]!["name"], (string?)own[4]["spec"]!["template"]!["spec"]!["resourceClaims"]![0]!["resourceClaimTemplateName"]);
    }

    [Fact]
    public void They_may_write_ConfigMaps_of_their_namespace_and_nothing_else()
    {
        var objects = Manifests.All(s_options with { DeviceMonitor = "gpu-monitor" }).ToList();
        var bound = objects.Where(static o => ((string)o["kind"]!).EndsWith("Binding", StringComparison.Ordinal) && o["subjects"] is JsonArray s && s.Any(static x => (string?)x!["name"] == DeviceMonitorManifests.Name)).ToList();
        Assert.Equal("Role", (string?)Assert.Single(bound)["roleRef"]!["kind"]);
        var rule = Assert.Single(objects.Single(static o => (string?)o["kind"] == "Role" && (string?)o["metadata"]!["name"] == DeviceMonitorManifests.Name)["rules"]!.AsArray())!;
        Assert.Equal("""[[""],["configmaps"],["create","patch"]]""", $"[{rule["apiGroups"]!.ToJsonString()},{rule["resources"]!.ToJsonString()},{rule["verbs"]!.ToJsonString()}]");
        var pod = objects.Single(static o => (string?)o["kind"] == "DaemonSet")["spec"]!["template"]!["spec"]!;
        Assert.True((bool?)pod["securityContext"]!["runAsNonRoot"]);
        Assert.False((bool?)pod["containers"]![0]!["securityContext"]!["allowPrivilegeEscalation"]);
    }
}
