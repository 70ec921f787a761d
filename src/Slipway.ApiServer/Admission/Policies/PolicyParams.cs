using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Admission.Policies;

/// <summary>What a binding's parameters came to: objects, of which none means that the policy does not apply, or why there are none.</summary>
internal sealed record PolicyParamList(IReadOnlyList<JsonMap?> Objects, string? Fault)
{
    public static readonly PolicyParamList Without = new([null], null);

    public static PolicyParamList Failed(string fault) => new([], fault);
}

/// <summary>Finds the parameters of bindings.</summary>
internal sealed class PolicyParams(ObjectStore store, ResourceRegistry registry, VersionConverter converter)
{
    /// <returns>Why a policy's parameters can never be found, or <see langword="null"/>.</returns>
    public string? Fault(ParamKind? kind) => kind is null || Find(kind) is not null ? null
        : $"failed to find resource referenced by paramKind: '{(kind.ApiVersion.Contains('/', StringComparison.Ordinal) ? kind.ApiVersion : "/" + kind.ApiVersion)}, Kind={kind.Kind}'";

    public async ValueTask<PolicyParamList> CollectAsync(ParamKind? kind, ParamRef? reference, string requestNamespace, CancellationToken cancellationToken)
    {
        if (kind is null || reference is null || Find(kind) is not { } found) return PolicyParamList.Without;
        var (type, version) = found;
        if (!type.Namespaced && reference.Namespace.Length > 0)
            return PolicyParamList.Failed("paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
        var ns = !type.Namespaced ? "" : reference.Namespace.Length > 0 ? reference.Namespace : requestNamespace;
        if (type.Namespaced && ns.Length == 0)
            return PolicyParamList.Failed("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
        List<StoredObject> chosen = [.. Select(store.Bucket(type.BucketName), reference, ns)];
        if (chosen.Count == 0 && reference.DeniesWithout)
            return PolicyParamList.Failed("no params found for policy binding with `Deny` parameterNotFoundAction");
        await converter.PrepareAsync(chosen, type, version, cancellationToken);
        return new([.. chosen.Select(c => Presenter.Value(c, type, version))], null);
    }

    private static IEnumerable<StoredObject> Select(Bucket bucket, ParamRef reference, string ns)
    {
        if (reference.Name.Length > 0) return bucket.Find(StoredObject.KeyOf(ns, reference.Name)) is { } one ? [one] : [];
        if (reference.Selector is not { } selector) return [];
        return bucket.Current.Range(ns + "/", null).Where(o => selector.IsEmpty || selector.Matches(o.Metadata.Labels));
    }

    private (ResourceType, ServedVersion)? Find(ParamKind kind)
    {
        var slash = kind.ApiVersion.IndexOf('/', StringComparison.Ordinal);
        return registry.Current.FindKind(kind.ApiVersion, kind.Kind) is { } type && type.Version(kind.ApiVersion[(slash + 1)..]) is { } version ? (type, version) : null;
    }
}
