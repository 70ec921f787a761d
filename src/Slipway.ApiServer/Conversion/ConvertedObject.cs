using System.Diagnostics.CodeAnalysis;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Conversion;

/// <summary>
/// What a conversion webhook may change: everything but metadata, of which labels and annotations alone
/// (Kubernetes documentation, "Versions in CustomResourceDefinitions", Response).
/// </summary>
internal static class ConvertedObject
{
    /// <summary>Checks an answered object and gives it the metadata of the one that was sent.</summary>
    /// <param name="original">What was sent.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="apiVersion">What was asked for.</param>
    /// <param name="converted">The object to go on with.</param>
    /// <returns>What is wrong, or <see langword="null"/>.</returns>
    public static ConversionFault? Accept(JsonMap original, object? answer, string apiVersion, out JsonMap? converted)
    {
        converted = answer as JsonMap;
        if (converted is null) return new(ConversionPart.Version, "it is no object");
        if (converted.Text("apiVersion") != apiVersion)
            return new(ConversionPart.Version, $"invalid groupVersion (expected {apiVersion}, received {converted.Text("apiVersion")})");
        if (converted.Text("kind") != original.Text("kind"))
            return new(ConversionPart.Version, $"invalid kind (expected {original.Text("kind")}, received {converted.Text("kind")})");
        var before = original.Map("metadata") ?? new JsonMap();
        // Without metadata there is no name either, and that is missed first.
        var after = converted.Map("metadata") ?? new JsonMap();
        foreach (var (field, said) in s_identity)
        {
            if ((before.Text(field) ?? "") != (after.Text(field) ?? ""))
                return new(ConversionPart.Identity, $"must have the same {said}: {before.Text(field)} != {after.Text(field)}");
        }

        var metadata = JsonValues.Copy(before);
        foreach (var field in (string[])["labels", "annotations"])
        {
            if (Texts(before, after, field) is { } fault) return new(ConversionPart.Metadata, fault);
            if (after.Map(field) is { } texts) metadata[field] = texts;
            else metadata.Remove(field);
        }

        converted["metadata"] = metadata;
        return null;
    }

    private static readonly (string Field, string Said)[] s_identity = [("name", "name"), ("namespace", "namespace"), ("uid", "UID")];

    [SuppressMessage("Performance", "CA1859", Justification = "The value is any JSON.")]
    private static string? Texts(JsonMap before, JsonMap after, string field)
    {
        if (after.At(field) is not { } given) return null;
        if (given is not JsonMap texts) return $"invalid metadata.{field} in converted object";
        foreach (var (key, value) in texts)
        {
            if (value is not string text) return $"metadata.{field}[{key}] must be a string in converted object";
            if (before.Map(field)?.Text(key) == text) continue;
            if (Names.QualifiedNameFault(field == "labels" ? key : key.ToLowerInvariant()) is { } wrong) return FieldError.Invalid($"metadata.{field}", key, wrong).ToString();
            if (field == "labels" && Names.LabelValueFault(text) is { } why) return FieldError.Invalid("metadata.labels", text, why).ToString();
        }

        return null;
    }
}

/// <summary>What of a converted object is wrong.</summary>
internal enum ConversionPart
{
    Version,
    Identity,
    Metadata,
}

/// <summary>Why a converted object cannot be used. Upstream's words depend on whether one object was asked for or a list.</summary>
internal sealed record ConversionFault(ConversionPart Part, string Why)
{
    public string Show(bool list, int index) => (Part, list) switch
    {
        (ConversionPart.Metadata, true) => $"metadata in object at index {index}: {Why}",
        (ConversionPart.Metadata, false) => $"metadata: {Why}",
        (_, true) => $"converted object at index {index}: {Why}",
        (ConversionPart.Version, false) => $"object at index 0: {Why}",
        _ => $"object: {Why}",
    };
}
