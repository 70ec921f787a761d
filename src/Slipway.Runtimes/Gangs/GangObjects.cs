using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Gangs;

/// <summary>Gangs of pods: a Workload with one PodGroup for each replica (`scheduling.k8s.io`), and how a pod names its group.</summary>
/// <remarks>
/// A group's minCount can never change in 1.36, and pods of two revisions in one group would count together: names have the revision in them.
/// A server that drops a field would be sent it again and again: only those that it keeps are written.
/// </remarks>
internal static class GangObjects
{
    /// <summary>Marks a workload whose pods name a gang.</summary>
    public const string Annotation = "slipway.dev/gang";

    // The one template of a Workload.
    private const string Template = "replica";

    public static RuntimeObject PodGroupKind { get; } = Kind("PodGroup", "podgroups");

    public static RuntimeObject WorkloadKind { get; } = Kind("Workload", "workloads");

    /// <summary>The Workload and its groups.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="dialect">How the cluster says it; one with PodGroups.</param>
    /// <param name="workload">The Workload's name.</param>
    /// <param name="groups">The names of the groups.</param>
    /// <param name="content">What each is to be.</param>
    /// <returns>The objects, in the order in which a server takes them: 1.36 refuses a group whose Workload is not there.</returns>
    public static IEnumerable<JsonObject> Render(ModelDeployment deployment, GangDialect dialect, string workload, IReadOnlyList<string> groups, GangContent content)
    {
        var made = Start(deployment, dialect, WorkloadKind.Kind, workload);
        made["spec"] = new JsonObject
        {
            ["controllerRef"] = new JsonObject { ["apiGroup"] = "airunway.ai", ["kind"] = "ModelDeployment", ["name"] = deployment.Metadata.Name },
            ["podGroupTemplates"] = new JsonArray(Named(content.Fields(dialect))),
        };
        yield return made;
        foreach (var name in groups)
        {
            var group = Start(deployment, dialect, PodGroupKind.Kind, name);
            var spec = new JsonObject();
            if (dialect == GangDialect.V1Alpha2) spec["podGroupTemplateRef"] = new JsonObject { ["workload"] = new JsonObject { ["workloadName"] = workload, ["podGroupTemplateName"] = Template } };
            else spec["workloadRef"] = new JsonObject { ["workloadName"] = workload, ["templateName"] = Template };
            foreach (var (field, value) in content.Fields(dialect)) spec[field] = value?.DeepClone();
            group["spec"] = spec;
            yield return group;
        }
    }

    /// <summary>Puts a pod into a group.</summary>
    public static void Join(JsonNode template, string group) => template["spec"]!["schedulingGroup"] = new JsonObject { ["podGroupName"] = group };

    private static JsonObject Named(JsonObject fields)
    {
        fields.Insert(0, "name", Template);
        return fields;
    }

    private static JsonObject Start(ModelDeployment deployment, GangDialect dialect, string kind, string name)
    {
        var made = Rendered.Start(deployment, $"scheduling.k8s.io/{dialect.Version}", kind);
        made["metadata"]!["name"] = name;
        return made;
    }

    private static RuntimeObject Kind(string kind, string plural) =>
        new("scheduling.k8s.io", GangDialect.V1Beta1.Version, kind, plural) { IsCustom = false, IsDiscovered = true, OtherVersions = [GangDialect.V1Alpha3.Version, GangDialect.V1Alpha2.Version] };
}
