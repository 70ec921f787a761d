using Slipway.ApiServer.Admission;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;

namespace Slipway.ApiServer.Pods;

/// <summary>What the requests that do something with a pod have in common.</summary>
internal static class PodRequests
{
    /// <summary>Completes the object of a request, checks whom it is about, and asks admission.</summary>
    /// <exception cref="ApiException">It is about another pod, or refused.</exception>
    public static async Task<JsonMap> AdmitAsync(AdmissionController admission, ApiRequest request, JsonMap value)
    {
        var metadata = value.Ensure("metadata");
        if ((metadata.Text("name") ?? "") != request.Name)
            throw Errors.BadRequest($"name in URL does not match name in {(request.Target.Subresource == "binding" ? "Binding" : "Eviction")} object");
        if (metadata.Text("namespace") is { Length: > 0 } ns && ns != request.Namespace)
            throw Errors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        metadata["namespace"] = request.Namespace;
        if (admission.Plan(request, Operations.Create) is not { } plan) return value;
        if (plan.Mutates) value = await plan.MutateAsync(request.Name, value, null);
        await plan.ValidateAsync(request.Name, value, null);
        return value;
    }

    public static Task SuccessAsync(ApiRequest request, int code) => Responses.JsonAsync(request.Http, code, new JsonMap
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonMap(),
        ["status"] = "Success",
        ["code"] = (long)code,
    });
}
