using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Admission;

/// <summary>The AdmissionReview that goes to a webhook, and what its answer must be like (<c>admission.k8s.io/v1</c>).</summary>
internal static class AdmissionReview
{
    /// <summary>Makes the request of a review without its uid and objects: what expressions see as <c>request</c>.</summary>
    public static JsonMap Request(AdmissionAttributes attributes, MatchedResource matched)
    {
        var request = new JsonMap { ["kind"] = matched.Kind.ToJson(), ["resource"] = matched.Resource.ToJson() };
        if (matched.Subresource.Length > 0) request["subResource"] = matched.Subresource;
        request["requestKind"] = attributes.Asked.Kind.ToJson();
        request["requestResource"] = attributes.Asked.Resource.ToJson();
        if (attributes.Subresource.Length > 0) request["requestSubResource"] = attributes.Subresource;
        if (attributes.Name.Length > 0) request["name"] = attributes.Name;
        if (attributes.Namespace.Length > 0) request["namespace"] = attributes.Namespace;
        request["operation"] = attributes.Operation;
        request["userInfo"] = User(attributes.Request.User);
        request["dryRun"] = attributes.Request.DryRun;
        request["options"] = attributes.Options;
        return request;
    }

    public static JsonMap For(string uid, string version, AdmissionAttributes attributes, MatchedResource matched, JsonMap? value, JsonMap? old)
    {
        var request = new JsonMap { ["uid"] = uid };
        foreach (var (name, member) in Request(attributes, matched))
        {
            request[name] = member;
            if (name != "userInfo") continue;
            request["object"] = value;
            request["oldObject"] = old;
        }

        return new() { ["kind"] = "AdmissionReview", ["apiVersion"] = "admission.k8s.io/" + version, ["request"] = request };
    }

    /// <summary>Gets why an answer cannot be used, or <see langword="null"/>.</summary>
    public static string? Fault(JsonMap answer, string uid, string version, bool mutating)
    {
        if (answer.Map("response") is not { } response) return "webhook response was absent";
        // Neither the uid nor the kind of v1beta1's answers was ever checked.
        if (version != "v1") return null;
        if (response.Text("uid") != uid) return $"expected response.uid=\"{uid}\", got \"{response.Text("uid")}\"";
        var (apiVersion, kind) = (answer.Text("apiVersion") ?? "", answer.Text("kind") ?? "");
        if (apiVersion != "admission.k8s.io/v1" || kind != "AdmissionReview")
        {
            var shown = apiVersion.Contains('/', StringComparison.Ordinal) ? apiVersion : "/" + apiVersion;
            return $"expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got {shown}, Kind={kind}";
        }

        var patch = response.Text("patch") is { Length: > 0 };
        var type = response.Text("patchType");
        if (!mutating) return patch ? "validating webhook may not return response.patch" : type is null ? null : "validating webhook may not return response.patchType";
        if (patch && type is null) return "webhook returned response.patch but not response.patchType";
        if (!patch && type is not null) return "webhook returned response.patchType but not response.patch";
        return type is "" ? "webhook returned invalid response.patchType of \"\"" : null;
    }

    private static JsonMap User(UserInfo user)
    {
        var shown = new JsonMap { ["username"] = user.Name };
        if (user.Uid.Length > 0) shown["uid"] = user.Uid;
        if (user.Groups.Count > 0) shown["groups"] = JsonList.Of(user.Groups);
        if (user.Extra.Count == 0) return shown;
        var extra = new JsonMap();
        foreach (var (key, values) in user.Extra) extra[key] = JsonList.Of(values);
        shown["extra"] = extra;
        return shown;
    }
}
