using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Crds;

/// <summary>The rules of a CustomResourceDefinition beyond its own schema.</summary>
internal static class CrdRules
{
    public static void Validate(JsonMap value, JsonMap spec, JsonMap names, JsonMap? old, List<FieldError> errors)
    {
        var name = value.Text("metadata", "name") ?? "";
        var expected = $"{names.Text("plural")}.{spec.Text("group")}";
        if (name != expected) errors.Add(FieldError.Invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
        if (spec.Text("group") is { } group && !group.Contains('.', StringComparison.Ordinal))
            errors.Add(FieldError.Invalid("spec.group", group, "should be a domain with at least one dot"));
        Protected(value, spec, errors);
        Versions(spec.List("versions") ?? [], errors);
        if (names.Text("listKind") is { } list && list == names.Text("kind"))
            errors.Add(FieldError.Invalid("spec.names.listKind", list, "kind and listKind may not be the same"));
        if (spec.At("preserveUnknownFields") is true)
            errors.Add(FieldError.Invalid("spec.preserveUnknownFields", true, "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"));
        if (old is null) return;
        foreach (var field in (string[])["group", "scope"])
            if (!JsonValues.Same(old.At(field), spec.At(field))) errors.Add(FieldError.Invalid($"spec.{field}", spec.At(field), "field is immutable"));
        foreach (var field in (string[])["plural", "kind"])
            if (old.Map("names")?.Text(field) != names.Text(field)) errors.Add(FieldError.Invalid($"spec.names.{field}", names.Text(field), "field is immutable"));
    }

    private static void Versions(JsonList versions, List<FieldError> errors)
    {
        var storage = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i] is not JsonMap version) continue;
            var path = $"spec.versions[{i}]";
            if (version.At("storage") is true) storage++;
            if (version.Text("name") is { } name)
            {
                if (!seen.Add(name)) errors.Add(FieldError.Invalid("spec.versions", name, "must contain unique version names"));
                if (Names.LabelFault(name) is { } fault) errors.Add(FieldError.Invalid(path + ".name", name, fault));
            }

            if (version.Map("schema")?.Map("openAPIV3Schema") is { } schema) StructuralRules.Validate(schema, $"{path}.schema.openAPIV3Schema", errors);
            else errors.Add(FieldError.Required($"{path}.schema.openAPIV3Schema", "schemas are required"));
        }

        if (storage != 1) errors.Add(FieldError.Invalid("spec.versions", versions.Count, "must have exactly one version marked as storage version"));
        errors.RemoveAll(e => e.Field == "spec.versions" && versions.Count == 0);
        if (versions.Count == 0) errors.Add(FieldError.Required("spec.versions", "must have at least one version"));
    }

    // Groups of the Kubernetes project need its approval (KEP-1111); the annotation says that it was given.
    private static void Protected(JsonMap value, JsonMap spec, List<FieldError> errors)
    {
        var group = spec.Text("group") ?? "";
        var guarded = group is "k8s.io" or "kubernetes.io" || group.EndsWith(".k8s.io", StringComparison.Ordinal) || group.EndsWith(".kubernetes.io", StringComparison.Ordinal);
        if (!guarded || value.Map("metadata", "annotations")?.ContainsKey("api-approved.kubernetes.io") == true) return;
        errors.Add(FieldError.Required("metadata.annotations[api-approved.kubernetes.io]",
            "protected groups must have approval annotation \"api-approved.kubernetes.io\", see https://github.com/kubernetes/enhancements/pull/1111"));
    }
}
