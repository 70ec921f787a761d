using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Pods;

/// <summary>Deletes pods as far as their disruption budget allows.</summary>
internal sealed class EvictionHandler(ObjectStore store, DeleteHandler deleter, AdmissionController admission, TimeProvider time)
{
    private readonly Bucket _budgets = store.Bucket("policy/poddisruptionbudgets");

    public async Task CreateAsync(ApiRequest request)
    {
        var eviction = await BodyReader.ReadObjectAsync(request.Http.Request, null, request.Aborted);
        eviction = await PodRequests.AdmitAsync(admission, request, eviction);
        var options = eviction.Map("deleteOptions");
        if (options?.List("dryRun") is ["All"]) request.DryRun = true;
        for (; ; )
        {
            var stored = request.Bucket.Find(request.Key) ?? throw Errors.NotFound(request.Type, request.Name);
            var pod = stored.Parse();
            CheckPreconditions(request, stored, options?.Map("preconditions"));
            if (!IsDisrupted(pod) && !await TakeFromBudgetAsync(request, stored, pod)) continue;
            if (request.DryRun) break;
            PodConditions.SetTrue(pod, "DisruptionTarget", time.GetUtcNow(), "EvictionByEvictionAPI", "Eviction API: evicting");
            await store.WriteAsync(request.Bucket, request.Key, stored, EncodedObject.From(pod), stored.WrittenAs);
            await deleter.RemoveAsync(request.Bucket, request.Type, request.Key, new DeleteOptions(options?.Text("propagationPolicy") ?? "Background"));
            break;
        }

        await PodRequests.SuccessAsync(request, 201);
    }

    private static void CheckPreconditions(ApiRequest request, StoredObject stored, JsonMap? asked)
    {
        if (asked?.Text("uid") is { Length: > 0 } uid && uid != stored.Metadata.Uid)
            throw Errors.Conflict(request.Type, request.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({stored.Metadata.Uid}). The object might have been deleted and then recreated");
        if (asked?.Text("resourceVersion") is { Length: > 0 } version && version != Revisions.Text(stored.Revision))
            throw Errors.Conflict(request.Type, request.Name,
                $"the ResourceVersion in the precondition ({version}) does not match the ResourceVersion in record ({stored.Revision}). The object might have been modified");
    }

    // It serves nobody any more, so that taking it away disrupts nothing.
    private static bool IsDisrupted(JsonMap pod) =>
        pod.Map("status")?.Text("phase") is "Succeeded" or "Failed" or "Pending" || pod.Map("metadata")?.ContainsKey("deletionTimestamp") == true;

    /// <returns>Whether the pod may go; no means that the budget changed and is to be looked at again.</returns>
    private async Task<bool> TakeFromBudgetAsync(ApiRequest request, StoredObject stored, JsonMap pod)
    {
        var budgets = _budgets.Current.Range(request.Namespace + "/", null).Where(b => IsAbout(b, stored)).ToList();
        if (budgets.Count == 0) return true;
        if (budgets.Count > 1) throw new ApiException(500, "", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
        var value = budgets[0].Parse();
        var budget = new DisruptionBudget(value);
        if (!PodConditions.IsTrue(pod, "Ready") && budget.SparesNot) return true;
        if (budget.Refusal() is { } refusal) throw refusal;
        if (request.DryRun) return true;
        budget.Take(request.Name, time.GetUtcNow());
        return await store.WriteAsync(_budgets, budgets[0].Key, budgets[0], EncodedObject.From(value), budgets[0].WrittenAs) is not null;
    }

    private static bool IsAbout(StoredObject budget, StoredObject pod) =>
        budget.Parse().Map("spec", "selector") is { } selector && ObjectSelector.Read(selector).Matches(pod.Metadata.Labels);
}
