using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Lifecycle;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Admission;

/// <summary>Finds the namespace that a request lies in.</summary>
internal sealed class NamespaceLabels(ObjectStore store)
{
    private readonly Bucket _namespaces = store.Bucket(NamespaceGuard.Bucket);

    /// <returns>The labels, or <see langword="null"/> where no namespace is involved, which no selector excludes.</returns>
    /// <exception cref="ApiException">The namespace does not exist.</exception>
    public IReadOnlyDictionary<string, string>? Of(AdmissionAttributes attributes)
    {
        if (attributes.Namespace.Length == 0 && !attributes.IsNamespace) return null;
        // A namespace that is being written has its new labels already.
        if (attributes is { IsNamespace: true, Subresource.Length: 0, Object: { } value }) return ObjectSelector.LabelsOf(value);
        return Find(attributes.Namespace).Metadata.Labels;
    }

    /// <returns>The namespace object, or <see langword="null"/> for what lies in none.</returns>
    /// <exception cref="ApiException">The namespace does not exist.</exception>
    public JsonMap? ObjectOf(AdmissionAttributes attributes) =>
        attributes.Namespace.Length == 0 || attributes.IsNamespace ? null : Find(attributes.Namespace).Parse();

    private StoredObject Find(string name) => _namespaces.Find("/" + name)
        ?? throw new ApiException(404, "NotFound", $"namespaces \"{name}\" not found", new JsonMap { ["name"] = name, ["kind"] = "namespaces" });
}
