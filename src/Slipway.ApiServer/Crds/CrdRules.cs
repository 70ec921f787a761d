using Slipway.ApiServer.Crds.Definitions;
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
        Group(spec.Text("group") ?? "", errors);
        var versions = spec.List("versions") ?? [];
        var shared = Hoisted.Of(versions);
        Versions(versions, shared, old, errors);
        if (versions is [JsonMap one, ..] && one.Text("name") is { Length: > 0 } version && CrdNames.LabelFault(version) is { } wrong)
            errors.Add(FieldError.Invalid("spec.version", version, wrong));
        CrdNames.Validate(names, "spec.names", isSpec: true, errors);
        if (versions is [JsonMap first, ..]) Shared(first, shared, old, errors);
        if (versions is not [JsonMap, ..]) errors.Add(FieldError.Required("spec.versions", "must have at least one version"));
        StoredVersions(value.Map("status")?.List("storedVersions") ?? [], versions, errors);
        Protected(value, spec, errors);
        if (spec.At("preserveUnknownFields") is true)
            errors.Add(FieldError.Invalid("spec.preserveUnknownFields", true, "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"));
        if (old is null) return;
        foreach (var field in (string[])["group", "scope"])
            if (!JsonValues.Same(old.At(field), spec.At(field))) errors.Add(FieldError.Invalid($"spec.{field}", spec.At(field), "field is immutable"));
        foreach (var field in (string[])["plural", "kind"])
            if (old.Map("names")?.Text(field) != names.Text(field)) errors.Add(FieldError.Invalid($"spec.names.{field}", names.Text(field), "field is immutable"));
    }

    private static void Group(string group, List<FieldError> errors)
    {
        if (group.Length == 0) errors.Add(FieldError.Required("spec.group"));
        else if (Names.SubdomainFault(group) is { } fault) errors.Add(FieldError.Invalid("spec.group", group, fault));
        else if (!group.Contains('.', StringComparison.Ordinal)) errors.Add(FieldError.Invalid("spec.group", group, "should be a domain with at least one dot"));
    }

    private static void Versions(JsonList versions, Hoisted shared, JsonMap? old, List<FieldError> errors)
    {
        var storage = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var shown = versions.Count;
        var isUnique = true;
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i] is not JsonMap version) continue;
            var path = $"spec.versions[{i}]";
            if (version.At("storage") is true) storage++;
            var name = version.Text("name") ?? "";
            isUnique &= seen.Add(name);
            if (CrdNames.LabelFault(name) is { } fault) errors.Add(FieldError.Invalid(path + ".name", name, fault));
            VersionRules.Deprecation(version, path, errors);
            if (Hoisted.SchemaOf(version) is null) errors.Add(FieldError.Required(path + ".schema.openAPIV3Schema", "schemas are required"));
            else if (!shared.Schema) Schema(version, $"{path}.schema.openAPIV3Schema", old, errors);
            if (!shared.Subresources) VersionRules.Subresources(version.Map("subresources"), path + ".subresources", errors);
            if (!shared.Columns) VersionRules.Columns(version.List("additionalPrinterColumns"), path + ".additionalPrinterColumns", errors);
            if (!shared.Selectable) Selectable(version, path + ".selectableFields", old, errors);
        }

        if (!isUnique) errors.Add(FieldError.Invalid("spec.versions", shown, "must contain unique version names"));
        if (storage != 1 && shown > 0) errors.Add(FieldError.Invalid("spec.versions", shown, "must have exactly one version marked as storage version"));
    }

    /// <summary>What all versions say alike is checked, and faulted, as upstream's internal form has it: once, for the definition.</summary>
    private static void Shared(JsonMap version, Hoisted shared, JsonMap? old, List<FieldError> errors)
    {
        if (shared.Schema) Schema(version, "spec.validation.openAPIV3Schema", old, errors);
        if (shared.Subresources) VersionRules.Subresources(version.Map("subresources"), "spec.subresources", errors);
        if (shared.Columns) VersionRules.Columns(version.List("additionalPrinterColumns"), "spec.additionalPrinterColumns", errors);
        if (shared.Selectable) Selectable(version, "spec.selectableFields", old, errors);
    }

    private static void Schema(JsonMap version, string path, JsonMap? old, List<FieldError> errors)
    {
        var schema = Hoisted.SchemaOf(version)
            ?? throw Errors.BadRequest("CustomResourceDefinition in version \"v1\" cannot be handled as a CustomResourceDefinition: openAPIV3Schema is not an object");
        var before = Stored(old, version);
        var isUnchanged = before is not null && JsonValues.Same(Hoisted.SchemaOf(before), schema);
        VersionSchema.Validate(schema, path, version.Map("subresources")?.ContainsKey("status") == true, isUnchanged, errors);
    }

    private static void Selectable(JsonMap version, string path, JsonMap? old, List<FieldError> errors)
    {
        if (version.List("selectableFields") is not { Count: > 0 } fields || Hoisted.SchemaOf(version) is not { } schema) return;
        VersionRules.Selectable(fields, Schemas.SchemaCompiler.Compile(schema), path, JsonValues.Same(Stored(old, version)?.List("selectableFields"), fields), errors);
    }

    private static JsonMap? Stored(JsonMap? old, JsonMap version) =>
        old?.List("versions")?.Maps().FirstOrDefault(v => v.Text("name") == version.Text("name"));

    private static void StoredVersions(JsonList stored, JsonList versions, List<FieldError> errors)
    {
        const string Path = "status.storedVersions";
        foreach (var version in versions.Maps())
            if (version.At("storage") is true && version.Text("name") is { } name && !stored.Contains(name))
                errors.Add(FieldError.Invalid(Path, stored, "must have the storage version " + name));
        for (var i = 0; i < stored.Count; i++)
        {
            if (stored[i] is not string name || versions.Maps().Any(v => v.Text("name") == name)) continue;
            errors.Add(FieldError.Invalid($"{Path}[{i}]", name, $"missing from spec.versions; {name} was previously a storage version, and must remain in " +
                $"spec.versions until a storage migration ensures no data remains persisted in {name} and removes {name} from status.storedVersions"));
        }
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
