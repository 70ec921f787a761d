using System.Text.Json.Serialization.Metadata;

namespace Slipway.Kubernetes.Objects;

/// <summary>A kind of object as a client needs to know it: where it is served, how it is read, and how its objects are told apart.</summary>
/// <typeparam name="T">The slim record that holds the fields in use; the others are skipped while reading.</typeparam>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The version.</param>
/// <param name="Plural">The name in paths.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Namespaced">Whether objects belong to a namespace.</param>
/// <param name="Json">The JSON contract.</param>
/// <param name="Identify">Tells an object's identity.</param>
public sealed record Resource<T>(
    string Group, string Version, string Plural, string Kind, bool Namespaced, JsonTypeInfo<T> Json, Func<T, ObjectIdentity> Identify)
    where T : class
{
    /// <summary>The group and version as objects state it.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The path of the objects of one namespace, or of all.</summary>
    /// <param name="ns">The namespace; <see langword="null"/> or empty for all.</param>
    /// <returns>A path relative to the server's address.</returns>
    public string CollectionPath(string? ns = null)
    {
        var root = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        return Namespaced && !string.IsNullOrEmpty(ns) ? $"{root}/namespaces/{Uri.EscapeDataString(ns)}/{Plural}" : $"{root}/{Plural}";
    }

    /// <summary>The path of one object.</summary>
    /// <param name="key">Which.</param>
    /// <param name="subresource">Such as `status`; the object itself when absent.</param>
    /// <returns>A path relative to the server's address.</returns>
    public string ObjectPath(NamespacedName key, string? subresource = null)
    {
        var path = $"{CollectionPath(key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}
