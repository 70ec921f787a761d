using System.Text.Json.Nodes;
using Slipway.Runtimes.Gangs;

namespace Slipway.Operator.Devices;

/// <summary>The fields behind feature gates that Slipway writes, or whose use by drivers it reckons with.</summary>
internal static class FieldProbes
{
    /// <summary>The namespace of dry runs, which every cluster has.</summary>
    private const string Namespace = "default";

    private const string Name = "slipway-probe";

    /// <summary>Fields of devices and their claims.</summary>
    public static IEnumerable<FieldProbe> Devices =>
    [
        Request("alternatives (firstAvailable)", """{"name":"x","firstAvailable":[{"name":"a","deviceClassName":"slipway-probe"}]}""", "firstAvailable"),
        Request("shares of devices (capacity.requests)", """{"name":"x","exactly":{"deviceClassName":"slipway-probe","capacity":{"requests":{"memory":"1G"}}}}""", "exactly", "capacity"),
        Request("tolerations of devices' taints", """{"name":"x","exactly":{"deviceClassName":"slipway-probe","tolerations":[{"operator":"Exists"}]}}""", "exactly", "tolerations"),
        new(
            "extended resources of classes (extendedResourceName)", "/apis/resource.k8s.io/v1/deviceclasses",
            Object("""{"apiVersion":"resource.k8s.io/v1","kind":"DeviceClass","metadata":{"name":"slipway-probe"},"spec":{"extendedResourceName":"slipway.dev/probe"}}"""), "spec", "extendedResourceName"),
        new(
            "partitions of devices (sharedCounters)", "/apis/resource.k8s.io/v1/resourceslices",
            Object("""
                {"apiVersion":"resource.k8s.io/v1","kind":"ResourceSlice","metadata":{"name":"slipway-probe"},"spec":{"driver":"probe.slipway.dev","nodeName":"slipway-probe",
                "pool":{"name":"slipway-probe","generation":1,"resourceSliceCount":2},"sharedCounters":[{"name":"a","counters":{"memory":{"value":"1Gi"}}}]}}
                """), "spec", "sharedCounters"),
    ];

    /// <summary>The field by which pods name their group; tried in a Deployment's template, which drops the same as a pod.</summary>
    public static FieldProbe Pod(GangDialect dialect)
    {
        var deployment = Object("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"slipway-probe"},"spec":{"replicas":0,"selector":{"matchLabels":{"slipway.dev/probe":"gang"}},
            "template":{"metadata":{"labels":{"slipway.dev/probe":"gang"}},"spec":{"containers":[{"name":"a","image":"a"}]}}}}
            """);
        deployment["spec"]!["template"]!["spec"]![dialect.PodField] = dialect.HasPodGroups ? new JsonObject { ["podGroupName"] = Name } : new JsonObject { ["name"] = Name, ["podGroup"] = "a" };
        return new($"the gang of a pod ({dialect.PodField})", $"/apis/apps/v1/namespaces/{Namespace}/deployments", deployment, "spec", "template", "spec", dialect.PodField);
    }

    /// <summary>Fields of a gang.</summary>
    public static IEnumerable<(GangFields Field, FieldProbe Probe)> Gangs(GangDialect dialect)
    {
        if (!dialect.HasPodGroups) yield break;
        yield return (GangFields.Topology, Group(dialect, "racks of gangs (schedulingConstraints)", "schedulingConstraints", """{"topology":[{"key":"topology.kubernetes.io/rack"}]}"""));
        yield return (GangFields.Claims, Group(dialect, "claims of gangs (resourceClaims)", "resourceClaims", """[{"name":"a","resourceClaimTemplateName":"a"}]"""));
        yield return (GangFields.Priority, Group(dialect, "priorities of gangs (priorityClassName)", "priorityClassName", "\"system-node-critical\""));
        yield return (GangFields.Disruption, Group(dialect, "gangs that give way as a whole (disruptionMode)", "disruptionMode", dialect == GangDialect.V1Alpha2 ? "\"PodGroup\"" : """{"all":{}}"""));
    }

    private static FieldProbe Request(string name, string request, params string[] path) => new(
        name, $"/apis/resource.k8s.io/v1/namespaces/{Namespace}/resourceclaimtemplates",
        new JsonObject
        {
            ["apiVersion"] = "resource.k8s.io/v1",
            ["kind"] = "ResourceClaimTemplate",
            ["metadata"] = new JsonObject { ["name"] = Name },
            ["spec"] = new JsonObject { ["spec"] = new JsonObject { ["devices"] = new JsonObject { ["requests"] = new JsonArray(Object(request)) } } },
        }, ["spec", "spec", "devices", "requests", "0", .. path]);

    private static FieldProbe Group(GangDialect dialect, string name, string field, string value) => new(
        name, $"/apis/scheduling.k8s.io/{dialect.Version}/namespaces/{Namespace}/podgroups",
        new JsonObject
        {
            ["apiVersion"] = $"scheduling.k8s.io/{dialect.Version}",
            ["kind"] = "PodGroup",
            ["metadata"] = new JsonObject { ["name"] = Name },
            ["spec"] = new JsonObject { ["schedulingPolicy"] = new JsonObject { ["gang"] = new JsonObject { ["minCount"] = 2 } }, [field] = JsonNode.Parse(value) },
        }, "spec", field);

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();
}
