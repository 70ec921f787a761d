using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Kinds.Scheduling;

/// <summary>Refuses groups of pods whose template no workload has.</summary>
internal sealed class PodGroupAdmission(ObjectStore store)
{
    private readonly Bucket _workloads = store.Bucket("scheduling.k8s.io/workloads");

    /// <exception cref="ApiException">The workload that a group names does not exist, or has no such template.</exception>
    public void Admit(ApiRequest request, JsonMap group)
    {
        if (request.Type is not { Plural: "podgroups", Group: "scheduling.k8s.io" }) return;
        if (group.Map("spec", "podGroupTemplateRef")?.Map("workload") is not { } reference) return;
        if (reference.Text("workloadName") is not { Length: > 0 } name || reference.Text("podGroupTemplateName") is not { Length: > 0 } template) return;
        if (_workloads.Find(StoredObject.KeyOf(request.Namespace, name)) is not { } stored) throw Refused(request, group, $"Workload \"{name}\" not found");
        if (stored.Parse().Map("spec")?.List("podGroupTemplates")?.Maps().Any(t => t.Text("name") == template) != true)
            throw Refused(request, group, $"PodGroupTemplate \"{template}\" not found in Workload \"{name}\"");
    }

    private static ApiException Refused(ApiRequest request, JsonMap group, string why) =>
        Errors.Forbidden(request.Type, group.Text("metadata", "name") ?? group.Text("metadata", "generateName") ?? "", $"PodGroup rejected: {why}");
}
