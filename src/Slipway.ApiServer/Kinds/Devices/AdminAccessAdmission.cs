using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Kinds.Devices;

/// <summary>
/// Refuses claims on devices that others may hold at the same time, but in namespaces that an administrator set aside for it:
/// whoever may write claims in a namespace must not be able to look into everybody's devices (KEP-5018).
/// </summary>
internal sealed class AdminAccessAdmission(ObjectStore store)
{
    private const string Label = "resource.kubernetes.io/admin-access";

    private readonly Bucket _namespaces = store.Bucket("/namespaces");

    /// <exception cref="ApiException">The namespace does not allow it.</exception>
    public void Admit(ApiRequest request, JsonMap value)
    {
        if (request.Type.Group != "resource.k8s.io" || request.IsStatus) return;
        var spec = request.Type.Plural switch
        {
            "resourceclaims" => value.Map("spec"),
            "resourceclaimtemplates" => value.Map("spec", "spec"),
            _ => null,
        };
        if (spec?.Map("devices")?.List("requests") is not { } requests) return;
        var index = requests.Maps().ToList().FindIndex(static r => (r.Map("exactly") ?? r).At("adminAccess") is true);
        if (index < 0 || _namespaces.Find("/" + request.Namespace)?.Parse().Map("metadata", "labels")?.Text(Label) == "true") return;
        throw Errors.Invalid(request.Type, value.Text("metadata", "name") ?? "", [FieldError.Forbidden(
            $"spec.devices.requests[{index}].adminAccess", $"admin access to devices requires the `{Label}: true` label on the containing namespace")]);
    }
}
