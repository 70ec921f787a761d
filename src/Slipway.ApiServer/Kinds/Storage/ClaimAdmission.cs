using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Kinds.Storage;

/// <summary>What a cluster's built-in admission does with claims: it gives them the default class, and lets them grow only where the class allows it.</summary>
internal sealed class ClaimAdmission(ObjectStore store)
{
    private const string IsDefault = "storageclass.kubernetes.io/is-default-class", WasDefault = "storageclass.beta.kubernetes.io/is-default-class";

    private readonly Bucket _classes = store.Bucket("storage.k8s.io/storageclasses");

    /// <summary>Gives a new claim that names no class the default one; of several, the newest counts.</summary>
    public void Admit(ApiRequest request, JsonMap claim)
    {
        if (!IsClaim(request.Type) || claim.Map("spec") is not { } spec || spec.ContainsKey("storageClassName")) return;
        var chosen = _classes.Current.Objects.Select(o => o.Parse().Map("metadata")!).Where(m => Says(m, IsDefault) || Says(m, WasDefault))
            .OrderByDescending(m => m.Text("creationTimestamp"), StringComparer.Ordinal).ThenBy(m => m.Text("name"), StringComparer.Ordinal).FirstOrDefault();
        if (chosen is not null) spec["storageClassName"] = chosen.Text("name");
    }

    /// <exception cref="ApiException">The claim asks for more than before, and its class does not let volumes grow.</exception>
    public void CheckGrowth(ApiRequest request, JsonMap claim, JsonMap old)
    {
        if (!IsClaim(request.Type) || request.IsStatus) return;
        if (Wanted(claim) is not { } now || Wanted(old) is not { } before || now.Nanos <= before.Nanos) return;
        var name = claim.Map("spec")?.Text("storageClassName") ?? "";
        if (name.Length > 0 && _classes.Find("/" + name)?.Parse().At("allowVolumeExpansion") is true) return;
        throw Errors.Forbidden(request.Type, request.Name,
            "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    private static bool IsClaim(ResourceType type) => type is { Plural: "persistentvolumeclaims", Group: "" };

    private static bool Says(JsonMap metadata, string annotation) => metadata.Map("annotations")?.Text(annotation) == "true";

    private static Amount? Wanted(JsonMap claim) => Amount.Parse(claim.Map("spec", "resources")?.Map("requests")?.Text("storage"));
}
