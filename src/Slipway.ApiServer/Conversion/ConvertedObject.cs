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
    /// <returns>What is wrong, with the words that lead to it, or <see langword="null"/>.</returns>
    public static string? Accept(JsonMap original, object? answer, string apiVersion, out JsonMap? converted)
    {
        converted = answer as JsonMap;
        if (converted is null) return "converted object: it is no object";
        if (converted.Text("apiVersion") != apiVersion)
            return $"converted object: invalid groupVersion (expected {apiVersion}, received {converted.Text("apiVersion")})";
        if (converted.Text("kind") != original.Text("kind"))
            return $"converted object: invalid kind (expected {original.Text("kind")}, received {converted.Text("kind")})";
        var before = original.Map("metadata") ?? new JsonMap();
        if (converted.Map("metadata") is not { } after) return "metadata: missing metadata in converted object";
        foreach (var (field, said) in s_identity)
            if ((before.Text(field) ?? "") != (after.Text(field) ?? "")) return $"converted object: must have the same {said}: {before.Text(field)} != {after.Text(field)}";
        var metadata = JsonValues.Copy(before);
        foreach (var field in (string[])["labels", "annotations"])
        {
            if (Texts(before, after, field) is { } fault) return "metadata: " + fault;
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
