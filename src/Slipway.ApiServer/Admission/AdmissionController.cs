using Slipway.ApiServer.Admission.Policies;
using Slipway.ApiServer.Conversion;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Requests;
using Slipway.ApiServer.Storage;
using Slipway.ApiServer.Webhooks;

namespace Slipway.ApiServer.Admission;

/// <summary>Lets the configured webhooks and policies change and refuse writes.</summary>
internal sealed class AdmissionController
{
    private readonly AdmissionConfigurations _configurations;
    private readonly MutatingWebhooks _mutating;
    private readonly ValidatingWebhooks _validating;
    private readonly ValidatingPolicies _policies;

    public AdmissionController(ObjectStore store, ResourceRegistry registry, WebhookClient client, VersionConverter converter)
    {
        var namespaces = new NamespaceLabels(store);
        var views = new ObjectViews(converter);
        var selection = new HookSelection(namespaces, views);
        _configurations = new(store, registry);
        _mutating = new(selection, client, views);
        _validating = new(selection, client);
        _policies = new(registry, namespaces, views, new PolicyParams(store, registry, converter));
    }

    /// <returns>What is to be asked about the request, or <see langword="null"/> when nothing is concerned.</returns>
    public AdmissionPlan? Plan(ApiRequest request, string operation) =>
        _configurations.Find(request, operation) is { } candidates ? new(this, request, operation, candidates) : null;

    internal Task MutateAsync(AdmissionCandidates candidates, AdmissionAttributes attributes) => _mutating.RunAsync(candidates.Mutating, attributes);

    internal async Task ValidateAsync(AdmissionCandidates candidates, AdmissionAttributes attributes)
    {
        if (candidates.Policies.Count > 0) await _policies.RunAsync(candidates.Policies, attributes);
        if (candidates.Validating.Count > 0) await _validating.RunAsync(candidates.Validating, attributes);
    }
}

/// <summary>What is to be asked about one request.</summary>
internal sealed class AdmissionPlan(AdmissionController controller, ApiRequest request, string operation, AdmissionCandidates candidates)
{
    /// <summary>Gets whether anything may change the object.</summary>
    public bool Mutates => candidates.Mutating.Count > 0;

    /// <returns>The object as the webhooks left it.</returns>
    /// <exception cref="ApiException">The request is refused.</exception>
    public async Task<JsonMap> MutateAsync(string name, JsonMap value, JsonMap? old)
    {
        var attributes = new AdmissionAttributes(request, operation, name, value, old);
        await controller.MutateAsync(candidates, attributes);
        return attributes.Object!;
    }

    /// <exception cref="ApiException">The request is refused.</exception>
    public Task ValidateAsync(string name, JsonMap? value, JsonMap? old) =>
        controller.ValidateAsync(candidates, new(request, operation, name, value, old));

    /// <summary>Asks everybody about a deletion, which nobody can change.</summary>
    /// <exception cref="ApiException">The request is refused.</exception>
    public async Task AdmitDeletionAsync(string name, JsonMap old)
    {
        var attributes = new AdmissionAttributes(request, operation, name, null, old);
        await controller.MutateAsync(candidates, attributes);
        await controller.ValidateAsync(candidates, attributes);
    }
}
