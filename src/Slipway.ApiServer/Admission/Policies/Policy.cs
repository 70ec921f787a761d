using Slipway.ApiServer.Json;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission.Policies;

/// <summary>A ValidatingAdmissionPolicy, compiled.</summary>
internal sealed class Policy
{
    private Policy(string name, MatchCriteria match, MatchConditions conditions, ParamKind? paramKind, PolicyVariables variables)
    {
        Name = name;
        Match = match;
        Conditions = conditions;
        ParamKind = paramKind;
        Variables = variables.Expressions;
    }

    public string Name { get; }

    public MatchCriteria Match { get; }

    public MatchConditions Conditions { get; }

    public ParamKind? ParamKind { get; }

    /// <summary>Gets whether what cannot be evaluated lets the request through.</summary>
    public bool IgnoresFailures { get; private init; }

    public IReadOnlyDictionary<string, CelExpression> Variables { get; }

    public IReadOnlyList<PolicyRule> Rules { get; private init; } = [];

    /// <summary>Gets what would be written to an audit log; without one, only that it can be evaluated counts.</summary>
    public IReadOnlyList<CelExpression> AuditAnnotations { get; private init; } = [];

    public static Policy Read(string name, JsonMap spec)
    {
        var kind = spec.Map("paramKind") is { } p ? new ParamKind(p.Text("apiVersion") ?? "", p.Text("kind") ?? "") : null;
        var environment = kind is null ? AdmissionCel.Environment : AdmissionCel.WithParams;
        var variables = PolicyVariables.Compile(spec.List("variables"), environment);
        return new(name, MatchCriteria.OfPolicy(spec.Map("matchConstraints") ?? new JsonMap()), MatchConditions.Read(spec.List("matchConditions"), environment), kind, variables)
        {
            IgnoresFailures = spec.Text("failurePolicy") == "Ignore",
            Rules = [.. (spec.List("validations")?.Maps() ?? []).Select(v => PolicyRule.Read(v, variables.Environment))],
            AuditAnnotations = [.. (spec.List("auditAnnotations")?.Maps() ?? [])
                .Select(a => AdmissionCel.Compile(variables.Environment, (a.Text("valueExpression") ?? "").Trim(), CelType.String, CelType.Null))],
        };
    }
}

/// <summary>The kind of object that parametrises a policy.</summary>
internal sealed record ParamKind(string ApiVersion, string Kind);

/// <summary>One validation of a policy.</summary>
internal sealed record PolicyRule(CelExpression Expression, CelExpression? MessageExpression, string Message, string Reason)
{
    private const int MaxMessage = 5 * 1024;

    public static PolicyRule Read(JsonMap validation, CelEnvironment environment) => new(
        AdmissionCel.Compile(environment, validation.Text("expression") ?? "", CelType.Bool),
        validation.Text("messageExpression") is { Length: > 0 } message ? AdmissionCel.Compile(environment, message, CelType.String) : null,
        (validation.Text("message") ?? "").Trim(),
        validation.Text("reason") is { Length: > 0 } reason ? reason : "Invalid");

    /// <summary>Says why a request is refused: the computed message where it is fit to show, else the fixed one, else the rule itself.</summary>
    public string Explain(AdmissionActivation activation)
    {
        if (MessageExpression?.Evaluate(activation).Value?.ToPlain() is string computed)
        {
            computed = computed.Trim();
            if (computed.Length is > 0 and <= MaxMessage && !computed.Contains('\n', StringComparison.Ordinal)) return computed;
        }

        return Message.Length > 0 ? Message : "failed expression: " + Expression.Text.Trim();
    }
}
