using Slipway.Cel;

namespace Slipway.ApiServer.Admission.Policies;

/// <summary>One reason to refuse a request.</summary>
internal sealed record PolicyViolation(string Message, string Reason);

/// <summary>What a policy says about a request with one set of parameters.</summary>
/// <param name="Violations">What the binding's actions are for.</param>
/// <param name="Faults">What refuses whatever the actions are.</param>
internal sealed record PolicyOutcome(IReadOnlyList<PolicyViolation> Violations, IReadOnlyList<PolicyViolation> Faults)
{
    private static readonly PolicyOutcome s_admitted = new([], []);

    public static PolicyOutcome Of(Policy policy, AdmissionActivation activation)
    {
        var (matches, error) = policy.Conditions.Evaluate(activation, policy.IgnoresFailures);
        if (error is not null) return new([new(error, "")], []);
        if (!matches) return s_admitted;
        List<PolicyViolation> violations = [], faults = [];
        foreach (var rule in policy.Rules)
        {
            var (value, failure) = rule.Expression.Evaluate(activation);
            if (failure is not null)
            {
                if (!policy.IgnoresFailures) violations.Add(new(failure, ""));
            }
            else if (!value!.Equals(CelValue.From(true)))
            {
                violations.Add(new(rule.Explain(activation), rule.Reason));
            }
        }

        foreach (var annotation in policy.AuditAnnotations)
            if (annotation.Evaluate(activation).Error is { } failure && !policy.IgnoresFailures) faults.Add(new(failure, ""));
        return violations.Count + faults.Count == 0 ? s_admitted : new(violations, faults);
    }
}
