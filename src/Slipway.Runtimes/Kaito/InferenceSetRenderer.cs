using System.Text.Json.Nodes;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Kaito;

/// <summary>An InferenceSet: replicas of a Workspace, and the Service that KAITO does not make for them.</summary>
internal static class InferenceSetRenderer
{
    /// <summary>The label with the set's name that KAITO puts on its Workspaces and their pods.</summary>
    public const string CreatedBy = "inferenceset.kaito.sh/created-by";

    /// <summary>Makes a Workspace the template of a set.</summary>
    public static JsonObject Wrap(KaitoPlan plan, JsonObject workspace, ClusterApis apis)
    {
        var set = Rendered.Start(plan.Deployment, $"kaito.sh/{apis.Version(KaitoPlan.InferenceSet) ?? KaitoPlan.InferenceSet.Version}", KaitoPlan.InferenceSet.Kind);
        var resource = workspace["resource"]!.DeepClone().AsObject();
        var selector = resource["labelSelector"]?.DeepClone();
        resource.Remove("labelSelector");
        // The label makes the Workspaces of the set ours to read; the reconciler owns only the set.
        var metadata = new JsonObject { ["labels"] = Rendered.Labels(plan.Deployment) };
        if (workspace["metadata"]?["annotations"] is JsonObject annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
            set["metadata"]!["annotations"] = annotations.DeepClone();
        }

        set["spec"] = new JsonObject
        {
            ["replicas"] = plan.Replicas,
            ["labelSelector"] = selector,
            ["template"] = new JsonObject { ["metadata"] = metadata, ["resource"] = resource, ["inference"] = workspace["inference"]!.DeepClone() },
        };
        return set;
    }

    /// <summary>One address for all replicas: the first pod of each Workspace, which is the one that answers when a replica spans nodes.</summary>
    public static JsonObject Service(KaitoPlan plan)
    {
        var service = Rendered.Start(plan.Deployment, "v1", "Service", KaitoPlan.ServiceSuffix);
        service["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { [CreatedBy] = plan.Deployment.Metadata.Name, ["apps.kubernetes.io/pod-index"] = "0" },
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = 80, ["targetPort"] = 5000 }),
        };
        return service;
    }
}
