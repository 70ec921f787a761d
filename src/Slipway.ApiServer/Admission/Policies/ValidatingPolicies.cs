using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Admission.Policies;

/// <summary>A policy with the bindings that put it to use.</summary>
internal sealed record BoundPolicy(Policy Policy, IReadOnlyList<PolicyBinding> Bindings);

/// <summary>Holds requests against the ValidatingAdmissionPolicies that are bound.</summary>
internal sealed class ValidatingPolicies(ResourceRegistry registry, NamespaceLabels namespaces, ObjectViews views, PolicyParams parameters)
{
    /// <exception cref="ApiException">A policy refuses the request.</exception>
    public async Task RunAsync(IReadOnlyList<BoundPolicy> policies, AdmissionAttributes attributes)
    {
        ApiException? refusal = null;
        foreach (var (policy, bindings) in policies)
        {
            var snapshot = registry.Current;
            if (!policy.Match.Chooses(attributes, namespaces) || policy.Match.Find(snapshot, attributes.Asked, attributes.Operation, attributes.Name) is not { } matched) continue;
            if (parameters.Fault(policy.ParamKind) is { } fault)
            {
                if (!policy.IgnoresFailures) refusal ??= Refusal(attributes, policy, null, new("failed to configure policy: " + fault, ""));
                continue;
            }

            foreach (var binding in bindings)
            {
                if (binding.Match is { } narrower &&
                    (!narrower.Chooses(attributes, namespaces) || narrower.Find(snapshot, attributes.Asked, attributes.Operation, attributes.Name) is null)) continue;
                refusal ??= await RunAsync(policy, binding, matched, attributes);
            }
        }

        if (refusal is not null) throw refusal;
    }

    private async Task<ApiException?> RunAsync(Policy policy, PolicyBinding binding, MatchedResource matched, AdmissionAttributes attributes)
    {
        var found = await parameters.CollectAsync(policy.ParamKind, binding.Param, attributes.Namespace, attributes.Request.Aborted);
        if (found.Fault is { } fault) return policy.IgnoresFailures ? null : Refusal(attributes, policy, binding, new("failed to configure binding: " + fault, ""));
        ApiException? refusal = null;
        foreach (var param in found.Objects)
        {
            var view = await views.OfAsync(attributes, matched);
            var activation = new AdmissionActivation(attributes, matched, view.Object, view.OldObject, () => namespaces.ObjectOf(attributes))
            {
                Variables = policy.Variables,
                Params = param,
            };
            var outcome = PolicyOutcome.Of(policy, activation);
            foreach (var violation in outcome.Violations)
            {
                if (binding.Actions.Contains("Deny", StringComparer.Ordinal)) refusal ??= Refusal(attributes, policy, binding, violation);
                if (binding.Actions.Contains("Warn", StringComparer.Ordinal))
                    attributes.Request.Warn($"Validation failed for ValidatingAdmissionPolicy '{policy.Name}' with binding '{binding.Name}': {violation.Message}");
            }

            foreach (var failure in outcome.Faults) refusal ??= Refusal(attributes, policy, binding, failure);
        }

        return refusal;
    }

    private static ApiException Refusal(AdmissionAttributes attributes, Policy policy, PolicyBinding? binding, PolicyViolation violation)
    {
        var bound = binding is null ? "" : $" with binding '{binding.Name}'";
        var message = $"ValidatingAdmissionPolicy '{policy.Name}'{bound} denied request: {violation.Message}";
        var forbidden = attributes.Forbidden(message);
        var details = forbidden.Details!;
        details["causes"] = new JsonList { new JsonMap { ["message"] = message } };
        var reason = violation.Reason.Length > 0 ? violation.Reason : "Invalid";
        var code = reason switch
        {
            "Forbidden" => 403,
            "Unauthorized" => 401,
            "RequestEntityTooLarge" => 413,
            _ => 422,
        };
        return new(code, reason, forbidden.Message, details);
    }
}
