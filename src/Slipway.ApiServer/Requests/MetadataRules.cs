using System.Globalization;
using System.Security.Cryptography;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Requests;

/// <summary>The rules of metadata that hold for every kind.</summary>
internal static class MetadataRules
{
    private const int AnnotationLimit = 256 * 1024;

    // No vowels and nothing that reads like another character, as upstream's generated names.
    private const string NameCharacters = "bcdfghjklmnpqrstvwxz2456789";

    public static string Time(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string GenerateName(string prefix) =>
        (prefix.Length > 58 ? prefix[..58] : prefix) + RandomNumberGenerator.GetString(NameCharacters, 5);

    /// <summary>Sets what only the server sets on a new object.</summary>
    public static void Begin(JsonMap metadata, DateTimeOffset now)
    {
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Time(now);
        foreach (var name in (string[])["resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"]) metadata.Remove(name);
    }

    /// <summary>Removes what only the server sets and has not set yet.</summary>
    public static void Wipe(JsonMap metadata)
    {
        foreach (var name in (string[])["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"]) metadata.Remove(name);
    }

    /// <summary>Carries over what an update cannot change.</summary>
    public static void Carry(JsonMap metadata, JsonMap old)
    {
        foreach (var name in (string[])["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName", "name", "namespace", "resourceVersion"])
        {
            if (old.TryGetValue(name, out var value)) metadata[name] = value;
            else metadata.Remove(name);
        }
    }

    public static void Validate(ResourceType type, JsonMap metadata, List<FieldError> errors)
    {
        var name = metadata.Text("name") ?? "";
        if (name.Length == 0) errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
        else if (type.Strategy.NameFault(name) is { } fault) errors.Add(FieldError.Invalid("metadata.name", name, fault));
        foreach (var (key, value) in metadata.Map("labels") ?? [])
        {
            if (Names.QualifiedNameFault(key) is { } wrong) errors.Add(FieldError.Invalid("metadata.labels", key, wrong));
            if (value is string text && Names.LabelValueFault(text) is { } why) errors.Add(FieldError.Invalid("metadata.labels", text, why));
        }

        var size = 0;
        foreach (var (key, value) in metadata.Map("annotations") ?? [])
        {
            if (Names.QualifiedNameFault(key.ToLowerInvariant()) is { } wrong) errors.Add(FieldError.Invalid("metadata.annotations", key, wrong));
            size += key.Length + ((value as string)?.Length ?? 0);
        }

        if (size > AnnotationLimit) errors.Add(FieldError.TooLong("metadata.annotations", AnnotationLimit));
        Owners(metadata, errors);
        foreach (var finalizer in metadata.List("finalizers")?.Strings() ?? [])
            if (Names.QualifiedNameFault(finalizer) is { } wrong) errors.Add(FieldError.Invalid("metadata.finalizers", finalizer, wrong));
    }

    public static void ValidateUpdate(JsonMap metadata, JsonMap old, List<FieldError> errors)
    {
        if (!old.ContainsKey("deletionTimestamp")) return;
        var before = old.List("finalizers")?.Strings().ToHashSet(StringComparer.Ordinal) ?? [];
        var added = metadata.List("finalizers")?.Strings().Where(f => !before.Contains(f)).ToList() ?? [];
        if (added.Count > 0)
            errors.Add(FieldError.Forbidden("metadata.finalizers",
                $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(a => $"\"{a}\""))}}}"));
    }

    private static void Owners(JsonMap metadata, List<FieldError> errors)
    {
        var controllers = 0;
        var owners = metadata.List("ownerReferences");
        for (var i = 0; i < (owners?.Count ?? 0); i++)
        {
            if (owners![i] is not JsonMap owner) continue;
            foreach (var member in (string[])["apiVersion", "kind", "name", "uid"])
                if (owner.Text(member) is null or "")
                    errors.Add(FieldError.Invalid($"metadata.ownerReferences[{i}].{member}", "", $"{member} must not be empty"));
            if (owner.At("controller") is true) controllers++;
        }

        if (controllers > 1)
            errors.Add(FieldError.Invalid("metadata.ownerReferences", owners, "Only one reference can have Controller set to true"));
    }
}
