using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Authorization;

/// <summary>Answers what someone may do (<c>authorization.k8s.io/v1</c>).</summary>
internal sealed class AccessReviews(Authorizer authorizer)
{
    public const string Group = "authorization.k8s.io";

    public JsonMap Self(UserInfo user, JsonMap review) => Decide("SelfSubjectAccessReview", user, review, [.. Faults(review, null)]);

    public JsonMap Subject(JsonMap review) => Decide("SubjectAccessReview", Someone(review), review, [.. Faults(review, null), .. FaultsOfUser(review)]);

    public JsonMap Local(string @namespace, JsonMap review)
    {
        var faults = new List<FieldError>([.. Faults(review, @namespace), .. FaultsOfUser(review)]);
        var own = review.Text("metadata", "namespace") ?? "";
        if (review.Map("spec", "resourceAttributes") is { } resource && (resource.Text("namespace") ?? "") != own)
            faults.Add(FieldError.Invalid("spec.resourceAttributes.namespace", resource.Text("namespace") ?? "", "must match metadata.namespace"));
        if (review.Map("spec", "nonResourceAttributes") is { } path)
            faults.Add(FieldError.Invalid("spec.nonResourceAttributes", Shown(path), "disallowed on this kind of request"));
        if (faults.Count == 0 && own != @namespace)
            throw Errors.BadRequest($"spec.resourceAttributes.namespace must match namespace: {@namespace}");
        return Decide("LocalSubjectAccessReview", Someone(review), review, faults);
    }

    public JsonMap Rules(UserInfo user, JsonMap review)
    {
        if (review.Text("spec", "namespace") is not { Length: > 0 } place) throw Errors.BadRequest("no namespace on request");
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        JsonList resources = [], paths = [];
        foreach (var rule in authorizer.Index.RulesFor(user, place, missing))
            (rule.Resources.Length > 0 ? resources : paths).Add(rule.ToJson());
        var status = new JsonMap { ["resourceRules"] = resources, ["nonResourceRules"] = paths, ["incomplete"] = false };
        if (missing.Count > 0) status["evaluationError"] = missing.Count == 1 ? missing.Min : $"[{string.Join(", ", missing)}]";
        return Answer("SelfSubjectRulesReview", new(), new(), status);
    }

    private JsonMap Decide(string kind, UserInfo user, JsonMap review, IReadOnlyList<FieldError> faults)
    {
        if (faults.Count > 0) throw Invalid(faults);
        var spec = review.Map("spec")!;
        var decision = authorizer.Decide(spec.Map("resourceAttributes") is { } resource ? OnResource(user, resource) : OnPath(user, spec.Map("nonResourceAttributes")!));
        var status = new JsonMap { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0) status["reason"] = decision.Reason;
        return Answer(kind, review.Map("metadata") ?? new(), spec, status);
    }

    private static AccessRequest OnResource(UserInfo user, JsonMap attributes) => AccessRequest.To(
        user, attributes.Text("verb") ?? "", attributes.Text("group") ?? "", attributes.Text("resource") ?? "", attributes.Text("name") ?? "",
        attributes.Text("namespace") ?? "", attributes.Text("subresource") ?? "");

    private static AccessRequest OnPath(UserInfo user, JsonMap attributes) => AccessRequest.To(user, attributes.Text("verb") ?? "", attributes.Text("path") ?? "");

    private static UserInfo Someone(JsonMap review)
    {
        var spec = review.Map("spec");
        var extra = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (key, values) in spec?.Map("extra") ?? []) extra[key] = [.. (values as JsonList)?.Strings() ?? []];
        return new(spec?.Text("user") ?? "", [.. spec?.List("groups")?.Strings() ?? []]) { Uid = spec?.Text("uid") ?? "", Extra = extra };
    }

    private static IEnumerable<FieldError> Faults(JsonMap review, string? @namespace)
    {
        var (resource, path) = (review.Map("spec", "resourceAttributes"), review.Map("spec", "nonResourceAttributes"));
        if (resource is not null && path is not null)
            yield return FieldError.Invalid("spec.nonResourceAttributes", Shown(path), "cannot be specified in combination with resourceAttributes");
        if (resource is null && path is null)
            yield return FieldError.Invalid("spec.resourceAttributes", null, "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        var metadata = review.Map("metadata");
        if (metadata?.Any(m => m.Key is not ("managedFields" or "creationTimestamp") && !(m.Key == "namespace" && @namespace is not null)) == true)
            yield return FieldError.Invalid("metadata", metadata, @namespace is null ? "must be empty" : "must be empty except for namespace");
    }

    private static IEnumerable<FieldError> FaultsOfUser(JsonMap review)
    {
        if (review.Text("spec", "user") is null or "" && review.Map("spec")?.List("groups") is null or { Count: 0 })
            yield return FieldError.Invalid("spec.user", "", "at least one of user or group must be specified");
    }

    private static JsonMap Answer(string kind, JsonMap metadata, JsonMap spec, JsonMap status) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = Group + "/v1",
        ["metadata"] = metadata,
        ["spec"] = spec,
        ["status"] = status,
    };

    // Upstream prints its inner type, whose members are written like this.
    private static JsonMap Shown(JsonMap path) => new() { ["Path"] = path.Text("path") ?? "", ["Verb"] = path.Text("verb") ?? "" };

    // Upstream has lost the kind when it comes to this, and so the text begins with the dot.
    private static ApiException Invalid(IReadOnlyList<FieldError> faults)
    {
        var causes = new JsonList();
        foreach (var fault in faults) causes.Add(fault.ToCause());
        var text = faults.Count == 1 ? faults[0].ToString() : $"[{string.Join(", ", faults)}]";
        return new(422, "Invalid", $".{Group} \"\" is invalid: {text}", new JsonMap { ["group"] = Group, ["causes"] = causes });
    }
}
