using System.Collections.Concurrent;
using Slipway.ApiServer.Admission.Policies;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Admission;

/// <summary>
/// The stored webhooks and policies, compiled when they changed. Asking whether anything concerns a request is four comparisons
/// where nothing is configured, and one more look-up where something is.
/// </summary>
internal sealed class AdmissionConfigurations(ObjectStore store, ResourceRegistry registry)
{
    private readonly Bucket _mutating = store.Bucket("admissionregistration.k8s.io/mutatingwebhookconfigurations");
    private readonly Bucket _validating = store.Bucket("admissionregistration.k8s.io/validatingwebhookconfigurations");
    private readonly Bucket _policies = store.Bucket("admissionregistration.k8s.io/validatingadmissionpolicies");
    private readonly Bucket _bindings = store.Bucket("admissionregistration.k8s.io/validatingadmissionpolicybindings");
    private CompiledAdmission _compiled = CompiledAdmission.Empty;

    /// <returns>What concerns requests of this kind, or <see langword="null"/> for nothing.</returns>
    public AdmissionCandidates? Find(ApiRequest request, string operation)
    {
        var compiled = Current();
        return compiled.IsEmpty || IsExempt(request.Type) ? null : compiled.Find(registry.Current, request, operation);
    }

    // Or nobody could repair a configuration that refuses everything.
    private static bool IsExempt(ResourceType type) => type.Group == "admissionregistration.k8s.io" &&
        type.Plural is "mutatingwebhookconfigurations" or "validatingwebhookconfigurations" or "validatingadmissionpolicies" or "validatingadmissionpolicybindings";

    private CompiledAdmission Current()
    {
        var compiled = Volatile.Read(ref _compiled);
        var source = new AdmissionSource(_mutating.Current.Objects, _validating.Current.Objects, _policies.Current.Objects, _bindings.Current.Objects);
        if (compiled.IsOf(source)) return compiled;
        compiled = CompiledAdmission.Of(source, compiled);
        Volatile.Write(ref _compiled, compiled);
        return compiled;
    }
}

/// <summary>The stored configurations of one moment.</summary>
internal readonly record struct AdmissionSource(
    IReadOnlyCollection<StoredObject> Mutating, IReadOnlyCollection<StoredObject> Validating,
    IReadOnlyCollection<StoredObject> Policies, IReadOnlyCollection<StoredObject> Bindings);

/// <summary>What concerns requests for one resource and operation.</summary>
internal sealed record AdmissionCandidates(IReadOnlyList<MatchedHook> Mutating, IReadOnlyList<MatchedHook> Validating, IReadOnlyList<BoundPolicy> Policies);

/// <summary>All webhooks and policies, compiled.</summary>
internal sealed class CompiledAdmission
{
    public static readonly CompiledAdmission Empty = new(new([], [], [], []), [], [], [], []);

    private readonly AdmissionSource _source;
    private readonly Dictionary<StoredObject, object> _known;
    private readonly IReadOnlyList<WebhookHook> _mutating;
    private readonly IReadOnlyList<WebhookHook> _validating;
    private readonly IReadOnlyList<BoundPolicy> _policies;
    private CandidateCache _candidates = new(-1);

    private CompiledAdmission(
        AdmissionSource source, Dictionary<StoredObject, object> known, IReadOnlyList<WebhookHook> mutating, IReadOnlyList<WebhookHook> validating, IReadOnlyList<BoundPolicy> policies)
    {
        _source = source;
        _known = known;
        _mutating = mutating;
        _validating = validating;
        _policies = policies;
    }

    public bool IsEmpty => _mutating.Count + _validating.Count + _policies.Count == 0;

    public static CompiledAdmission Of(in AdmissionSource source, CompiledAdmission before)
    {
        var known = new Dictionary<StoredObject, object>(ReferenceEqualityComparer.Instance);
        // What did not change is not compiled again: a thousand configurations made one by one would be compiled half a million times.
        T Compile<T>(StoredObject item, Func<string, JsonMap, T> read) where T : class
        {
            var made = before._known.TryGetValue(item, out var old) ? (T)old : read(item.Name, item.Parse());
            known[item] = made;
            return made;
        }

        var mutating = source.Mutating.SelectMany(c => Compile(c, (_, v) => WebhookHook.Read(v))).ToList();
        var validating = source.Validating.SelectMany(c => Compile(c, (_, v) => WebhookHook.Read(v))).ToList();
        var bindings = source.Bindings.Select(b => Compile(b, (n, v) => PolicyBinding.Read(n, v.Map("spec") ?? new JsonMap()))).ToLookup(b => b.PolicyName, StringComparer.Ordinal);
        var policies = source.Policies.Where(p => bindings.Contains(p.Name))
            .Select(p => new BoundPolicy(Compile(p, (n, v) => Policy.Read(n, v.Map("spec") ?? new JsonMap())), [.. bindings[p.Name]])).ToList();
        return new(source, known, mutating, validating, policies);
    }

    public bool IsOf(in AdmissionSource source) =>
        (ReferenceEquals(source.Mutating, _source.Mutating) && ReferenceEquals(source.Validating, _source.Validating) &&
         ReferenceEquals(source.Policies, _source.Policies) && ReferenceEquals(source.Bindings, _source.Bindings)) ||
        (IsEmpty && _known.Count == 0 && source.Mutating.Count + source.Validating.Count + source.Policies.Count + source.Bindings.Count == 0);

    public AdmissionCandidates? Find(RegistrySnapshot registry, ApiRequest request, string operation)
    {
        var cache = Volatile.Read(ref _candidates);
        // Rules match what is served: with another registry they may match other resources.
        if (cache.Generation != registry.Generation) Volatile.Write(ref _candidates, cache = new(registry.Generation));
        return cache.Candidates.GetOrAdd((request.Version, request.Target.Subresource ?? "", operation),
            static (key, s) => s.Self.Select(s.Registry, MatchedResource.Of(s.Request), key.Operation), (Self: this, Registry: registry, Request: request));
    }

    private AdmissionCandidates? Select(RegistrySnapshot registry, MatchedResource asked, string operation)
    {
        List<MatchedHook> Hooks(IReadOnlyList<WebhookHook> hooks) =>
            [.. hooks.Select(h => (Hook: h, Matched: h.Match.IsOpen ? null : h.Match.Find(registry, asked, operation, null))).Where(h => h.Matched is not null).Select(h => new MatchedHook(h.Hook, h.Matched!))];
        var (mutating, validating) = (Hooks(_mutating), Hooks(_validating));
        List<BoundPolicy> policies = [.. _policies.Where(p => p.Policy.Match.Find(registry, asked, operation, null) is not null)];
        return mutating.Count + validating.Count + policies.Count == 0 ? null : new(mutating, validating, policies);
    }
}

/// <summary>What concerns the requests that came so far, under one registry.</summary>
internal sealed class CandidateCache(long generation)
{
    public long Generation { get; } = generation;

    public ConcurrentDictionary<(ServedVersion Version, string Subresource, string Operation), AdmissionCandidates?> Candidates { get; } = new();
}
