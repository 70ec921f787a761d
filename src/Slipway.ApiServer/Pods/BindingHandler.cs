using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Pods;

/// <summary>Assigns pods to nodes, as schedulers do.</summary>
internal sealed class BindingHandler(ObjectStore store, AdmissionController admission, TimeProvider time)
{
    public async Task CreateAsync(ApiRequest request)
    {
        var binding = await BodyReader.ReadObjectAsync(request.Http.Request, null, request.Aborted);
        binding = await PodRequests.AdmitAsync(admission, request, binding);
        var target = binding.Map("target");
        if (target?.Text("kind") is not (null or "" or "Node"))
            throw new ApiException(500, "", FieldError.NotSupported("target.kind", target!.Text("kind"), ["Node", "<empty>"]).ToString());
        if (target?.Text("name") is not { Length: > 0 } node) throw new ApiException(500, "", FieldError.Required("target.name").ToString());
        for (; ; )
        {
            var stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
            var pod = stored.Parse();
            Check(request, stored, pod, binding.Map("metadata"));
            Assign(pod, binding, node);
            PodConditions.SetTrue(pod, "PodScheduled", time.GetUtcNow());
            if (request.DryRun || await store.WriteAsync(request.Bucket, request.Key, stored, EncodedObject.From(pod), stored.WrittenAs) is not null) break;
        }

        await PodRequests.SuccessAsync(request, 201);
    }

    private static void Check(ApiRequest request, StoredObject stored, JsonMap pod, JsonMap? asked)
    {
        if (asked?.Text("uid") is { Length: > 0 } uid && uid != stored.Metadata.Uid)
            throw Refused(request, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Metadata.Uid}");
        if (asked?.Text("resourceVersion") is { Length: > 0 } version && version != Revisions.Text(stored.Revision))
            throw Refused(request, $"Precondition failed: ResourceVersion in precondition: {version}, ResourceVersion in object meta: {stored.Revision}");
        if (stored.Metadata.Deleting) throw Refused(request, $"pod {request.Name} is being deleted, cannot be assigned to a host");
        if (pod.Map("spec")?.Text("nodeName") is { Length: > 0 } node) throw Refused(request, $"pod {request.Name} is already assigned to node \"{node}\"");
        if (pod.Map("spec")?.List("schedulingGates") is { Count: > 0 }) throw Refused(request, $"pod {request.Name} has non-empty .spec.schedulingGates");
    }

    private static void Assign(JsonMap pod, JsonMap binding, string node)
    {
        pod.Ensure("spec")["nodeName"] = node;
        pod.Map("status")?.Remove("nominatedNodeName");
        foreach (var member in (string[])["annotations", "labels"])
            foreach (var (key, value) in binding.Map("metadata")?.Map(member) ?? []) pod.Ensure("metadata").Ensure(member)[key] = value;
    }

    private static ApiException Refused(ApiRequest request, string why) => new(409, "Conflict", $"Operation cannot be fulfilled on pods/binding \"{request.Name}\": {why}",
        new JsonMap { ["name"] = request.Name, ["kind"] = "pods/binding" });
}
