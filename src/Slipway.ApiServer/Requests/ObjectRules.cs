using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Schemas.Rules;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>What an object goes through before it is stored: checking of its identity, pruning, defaulting, validation.</summary>
internal sealed class ObjectRules(TimeProvider time)
{
    /// <summary>Checks that a body is of the kind and place that the path names, and completes its identity.</summary>
    public static void Identify(ApiRequest request, JsonMap value)
    {
        var type = request.Type;
        var kind = value.Text("kind") ?? "";
        var apiVersion = value.Text("apiVersion") ?? "";
        if ((kind.Length == 0 || apiVersion.Length == 0) && type.Custom)
            throw Errors.BadRequest($"Object 'Kind' is missing in '{Excerpt(value)}'");
        if (kind.Length > 0 && kind != type.Kind || apiVersion.Length > 0 && apiVersion != request.Version.ApiVersion)
            throw Errors.BadRequest($"the object provided is unrecognized (must be of type {type.Kind}): it is {apiVersion}, Kind={kind}");
        value["kind"] = type.Kind;
        value["apiVersion"] = request.Version.ApiVersion;
        var metadata = value.Ensure("metadata");
        var given = metadata.Text("namespace") ?? "";
        if (!type.Namespaced) metadata.Remove("namespace");
        else if (given.Length > 0 && given != request.Namespace)
            throw Errors.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        else metadata["namespace"] = request.Namespace;
        if (request.Target.Name is not { } name) return;
        var own = metadata.Text("name") ?? "";
        if (own.Length == 0) metadata["name"] = name;
        else if (own != name) throw Errors.BadRequest($"the name of the object ({own}) does not match the name on the URL ({name})");
    }

    /// <summary>Removes unknown fields and says so as fieldValidation asks (KEP-2885).</summary>
    public static void Decode(ApiRequest request, JsonMap value, IReadOnlyList<string> duplicates)
    {
        var unknown = new List<string>();
        Pruner.Prune(value, request.Version.Schema, unknown);
        Defaulter.DropNulls(value, request.Version.Schema);
        if (request.FieldValidation == "Ignore" || (unknown.Count == 0 && duplicates.Count == 0)) return;
        var faults = duplicates.Select(d => $"duplicate field \"{d}\"").Concat(unknown.Select(u => $"unknown field \"{u}\"")).ToList();
        if (request.FieldValidation == "Strict")
            throw Errors.BadRequest($"{request.Type.Kind} in version \"{request.Version.Name}\" cannot be handled as a {request.Type.Kind}: " +
                $"strict decoding error: {string.Join(", ", faults)}");
        foreach (var fault in faults) request.Warn(fault);
    }

    /// <summary>Brings a new object into the form in which mutating admission sees it: completed, without what only the server sets.</summary>
    public static void Draft(ApiRequest request, JsonMap value)
    {
        MetadataRules.Wipe(value.Ensure("metadata"));
        if (request.Version.HasStatus) value.Remove("status");
        Complete(request.Type, request.Version, value);
    }

    public void PrepareCreate(ApiRequest request, JsonMap value)
    {
        var metadata = value.Ensure("metadata");
        if (metadata.Text("name") is null or "" && metadata.Text("generateName") is { Length: > 0 } prefix)
            metadata["name"] = MetadataRules.GenerateName(prefix);
        MetadataRules.Begin(metadata, time.GetUtcNow());
        if (request.Version.HasStatus) value.Remove("status");
        if (Generations(request.Type)) metadata["generation"] = 1L;
        else metadata.Remove("generation");
        request.Type.Strategy.PrepareForCreate(value);
        Complete(request.Type, request.Version, value);
        Check(request, value, null);
    }

    /// <summary>Makes the next state of an object from what the client sent and what is stored.</summary>
    public static void Shape(ApiRequest request, JsonMap value, JsonMap old)
    {
        var metadata = value.Ensure("metadata");
        var oldMetadata = old.Map("metadata")!;
        if (request.IsStatus)
        {
            // Of a write to the status only the status counts.
            var managed = metadata.At("managedFields");
            value["metadata"] = metadata = JsonValues.Copy(oldMetadata);
            metadata["managedFields"] = managed;
            foreach (var name in value.Keys.Where(k => k is not ("apiVersion" or "kind" or "metadata" or "status")).ToList()) value.Remove(name);
            foreach (var (name, member) in old)
                if (name is not ("apiVersion" or "kind" or "metadata" or "status")) value[name] = JsonValues.Copy(member);
        }
        else
        {
            MetadataRules.Carry(metadata, oldMetadata);
            if (request.Target.Subresource == "ephemeralcontainers") KeepAllBut("ephemeralContainers", value, old);
            if (request.Version.HasStatus)
            {
                if (old.TryGetValue("status", out var status)) value["status"] = JsonValues.Copy(status);
                else value.Remove("status");
            }

            request.Type.Strategy.PrepareForUpdate(value, old);
        }

        Complete(request.Type, request.Version, value);
    }

    /// <summary>Counts the change and checks the next state of an object.</summary>
    public static void Settle(ApiRequest request, JsonMap value, JsonMap old)
    {
        if (Generations(request.Type) && DesireChanged(request, value, old))
            value.Map("metadata")!["generation"] = (old.Map("metadata")!.At("generation") as long? ?? 0) + 1;
        Check(request, value, old);
    }

    private static void KeepAllBut(string member, JsonMap value, JsonMap old)
    {
        var given = value.Map("spec")?.At(member);
        value["spec"] = JsonValues.Copy(old.Map("spec") ?? new JsonMap());
        if (given is not null) value.Map("spec")![member] = given;
        else value.Map("spec")!.Remove(member);
    }

    /// <summary>Gets whether two states say the same, whenever their managers last changed anything.</summary>
    public static bool SameState(JsonMap left, JsonMap right)
    {
        if (left.Count != right.Count) return false;
        foreach (var (name, member) in left)
        {
            if (!right.TryGetValue(name, out var other)) return false;
            if (name == "metadata" ? !SameMetadata((JsonMap)member!, other as JsonMap) : !JsonValues.Same(member, other)) return false;
        }

        return true;
    }

    private static bool SameMetadata(JsonMap left, JsonMap? right)
    {
        if (right is null) return false;
        var a = WithoutTimes(left);
        var b = WithoutTimes(right);
        return JsonValues.Same(a, b);
    }

    private static JsonMap WithoutTimes(JsonMap metadata)
    {
        var copy = JsonValues.Shallow(metadata);
        copy.Remove("resourceVersion");
        if (copy.List("managedFields") is not { } list) return copy;
        var entries = new JsonList(list.Count);
        foreach (var entry in list.Maps())
        {
            var bare = JsonValues.Shallow(entry);
            bare.Remove("time");
            entries.Add(bare);
        }

        copy["managedFields"] = entries;
        return copy;
    }

    /// <summary>Sets the defaults of schema and kind.</summary>
    public static void Complete(ResourceType type, ServedVersion version, JsonMap value)
    {
        foreach (var (name, member) in value.ToList())
            if (name != "metadata" && member is JsonMap or JsonList && version.Schema.Properties.TryGetValue(name, out var schema)) Defaulter.Apply(member, schema);
        foreach (var (name, schema) in version.Schema.Properties)
        {
            if (value.ContainsKey(name) || !schema.HasDefault) continue;
            value[name] = JsonValues.Copy(schema.Default);
            Defaulter.Apply(value[name], schema);
        }

        type.Strategy.Default(value);
    }

    private static void Check(ApiRequest request, JsonMap value, JsonMap? old)
    {
        var errors = new List<FieldError>();
        var metadata = value.Map("metadata")!;
        MetadataRules.Validate(request.Type, metadata, errors);
        if (old is not null) MetadataRules.ValidateUpdate(metadata, old.Map("metadata")!, errors);
        var faults = Validator.Validate(value, old, request.Version.Schema, onlyStatus: request.IsStatus && request.Type.Custom);
        if (!request.Type.Custom && faults.Find(f => f.WhileReading is not null || f.Reason == "FieldValueTypeInvalid") is { } wrong)
            throw Errors.BadRequest($"{request.Type.Kind} in version \"{request.Version.Name}\" cannot be handled as a {request.Type.Kind}: {wrong.WhileReading ?? wrong.ToString()}");
        // An update of a finalizer must not be held up by faults that were already stored; custom kinds have ratcheting for that.
        if (faults.Count > 0 && old is not null && !request.Type.Custom && metadata.ContainsKey("deletionTimestamp")) faults = [];
        // The keys of lists are for merging; which built-in lists may repeat them is for the kind's own rules to say.
        if (!request.Type.Custom) faults.RemoveAll(f => f.Reason == "FieldValueDuplicate");
        errors.AddRange(faults);
        request.Type.Strategy.Validate(value, old, errors);
        if (request.Version.Schema.HasRulesBelow) RuleCheck.Run(value, old, request.Version.Schema, errors, request.Warn);
        if (errors.Count > 0) throw Errors.Invalid(request.Type, metadata.Text("name") ?? "", errors);
    }

    private static bool Generations(ResourceType type) => type.Strategy.CountsGenerations;

    private static bool DesireChanged(ApiRequest request, JsonMap value, JsonMap old)
    {
        if (request.IsStatus) return false;
        bool Counts(string name) => name is not ("metadata" or "apiVersion" or "kind") && !(name == "status" && request.Version.HasStatus);
        foreach (var (name, member) in value)
            if (Counts(name) && !JsonValues.Same(member, old.At(name))) return true;
        foreach (var name in old.Keys)
            if (Counts(name) && !value.ContainsKey(name)) return true;
        return false;
    }

    private static string Excerpt(JsonMap value)
    {
        var text = JsonText.Of(value);
        return text.Length <= 200 ? text : text[..200];
    }

    public static EncodedObject Encode(ApiRequest request, JsonMap value)
    {
        if (request.Type.Custom) value["apiVersion"] = request.Type.Storage.ApiVersion;
        request.Type.Strategy.ToStored(value);
        var encoded = EncodedObject.From(value);
        return encoded.Length <= EncodedObject.MaxBytes ? encoded : throw Errors.ObjectTooLarge(encoded.Length);
    }
}
