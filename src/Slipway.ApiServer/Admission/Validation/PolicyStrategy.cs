using Slipway.ApiServer.Admission.Policies;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission.Validation;

/// <summary>ValidatingAdmissionPolicies: completed, and refused when they could not be evaluated.</summary>
internal sealed class PolicyStrategy : KindStrategy
{
    private const int MaxAnnotations = 20;

    private static readonly string[] s_failurePolicies = ["Fail", "Ignore"];
    private static readonly string[] s_reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge"];

    private static readonly HashSet<string> s_reserved = new(StringComparer.Ordinal)
    {
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    };

    public override void Default(JsonMap value) => MatchResourcesChecks.Default(value.Map("spec", "matchConstraints"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        errors.RemoveAll(e => e.Reason == "FieldValueDuplicate");
        var spec = value.Map("spec") ?? new JsonMap();
        if (spec.Text("failurePolicy") is { } failure && !s_failurePolicies.Contains(failure))
            errors.Add(FieldError.NotSupported("spec.failurePolicy", failure, s_failurePolicies));
        ParamKindOf(spec.Map("paramKind"), errors);
        if (spec.Map("matchConstraints") is not { } constraints) errors.Add(FieldError.Required("spec.matchConstraints"));
        else if (constraints.List("resourceRules") is not { Count: > 0 }) errors.Add(FieldError.Required("spec.matchConstraints.resourceRules"));
        MatchResourcesChecks.Check(spec.Map("matchConstraints"), "spec.matchConstraints", errors);
        var environment = spec.Map("paramKind") is null ? AdmissionCel.Environment : AdmissionCel.WithParams;
        if (old is null || !JsonValues.Same(old.Map("spec")?.At("matchConditions"), spec.At("matchConditions")) || !JsonValues.Same(old.Map("spec")?.At("paramKind"), spec.At("paramKind")))
            ExpressionChecks.Conditions(spec.List("matchConditions"), environment, "spec.matchConditions", errors);
        environment = Variables(spec.List("variables"), environment, errors);
        var (validations, annotations) = (spec.List("validations") ?? [], spec.List("auditAnnotations") ?? []);
        if (validations.Count + annotations.Count == 0)
        {
            errors.Add(FieldError.Required("spec.validations", "validations or auditAnnotations must contain at least one item"));
            errors.Add(FieldError.Required("spec.auditAnnotations", "validations or auditAnnotations must contain at least one item"));
        }

        for (var i = 0; i < validations.Count; i++)
            if (validations[i] is JsonMap validation) Validation(validation, environment, $"spec.validations[{i}]", errors);
        Annotations(value.Text("metadata", "name") ?? "", annotations, environment, errors);
    }

    private static void ParamKindOf(JsonMap? kind, List<FieldError> errors)
    {
        if (kind is null) return;
        var version = kind.Text("apiVersion") ?? "";
        if (version.Length == 0) errors.Add(FieldError.Required("spec.paramKind.apiVersion"));
        else if (version.Count(c => c == '/') > 1) errors.Add(FieldError.Invalid("spec.paramKind.apiVersion", version, $"unexpected GroupVersion string: {version}"));
        if (kind.Text("kind") is null or "") errors.Add(FieldError.Required("spec.paramKind.kind"));
    }

    private static CelEnvironment Variables(JsonList? variables, CelEnvironment environment, List<FieldError> errors)
    {
        var compiled = PolicyVariables.Compile(null, environment);
        for (var i = 0; i < (variables?.Count ?? 0); i++)
        {
            if (variables![i] is not JsonMap variable) continue;
            var path = $"spec.variables[{i}]";
            var (name, expression) = (variable.Text("name") ?? "", variable.Text("expression") ?? "");
            if (string.IsNullOrWhiteSpace(name)) errors.Add(FieldError.Required(path + ".name", "name is not specified"));
            else if (!IsIdentifier(name))
                errors.Add(FieldError.Invalid(path + ".name", name, "must be a valid CEL identifier"));
            if (string.IsNullOrWhiteSpace(expression)) errors.Add(FieldError.Required(path + ".expression", "expression is not specified"));
            else if (AdmissionCel.Compile(compiled.Environment, expression).Fault is { } fault) errors.Add(FieldError.Invalid(path + ".expression", expression, fault));
            compiled = compiled.With(name, expression);
        }

        return compiled.Environment;
    }

    private static bool IsIdentifier(string name) =>
        !s_reserved.Contains(name) && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static void Validation(JsonMap validation, CelEnvironment environment, string path, List<FieldError> errors)
    {
        var expression = validation.Text("expression") ?? "";
        if (string.IsNullOrWhiteSpace(expression)) errors.Add(FieldError.Required(path + ".expression", "expression is not specified"));
        else ExpressionChecks.Compiles(expression, environment, path + ".expression", errors, CelType.Bool);
        if (validation.Text("messageExpression") is { Length: > 0 } computed)
        {
            if (string.IsNullOrWhiteSpace(computed)) errors.Add(FieldError.Invalid(path + ".messageExpression", computed, "must be non-empty if specified"));
            else ExpressionChecks.Compiles(computed, environment, path + ".messageExpression", errors, CelType.String);
        }

        if (validation.Text("message") is { Length: > 0 } message)
        {
            if (string.IsNullOrWhiteSpace(message)) errors.Add(FieldError.Invalid(path + ".message", message, "must be non-empty if specified"));
            else if (message.Trim().AsSpan().ContainsAny('\n', '\r')) errors.Add(FieldError.Invalid(path + ".message", message, "must not contain line breaks"));
        }

        if (validation.Text("reason") is { } reason && !s_reasons.Contains(reason)) errors.Add(FieldError.NotSupported(path + ".reason", reason, s_reasons));
    }

    private static void Annotations(string name, JsonList annotations, CelEnvironment environment, List<FieldError> errors)
    {
        if (annotations.Count > MaxAnnotations)
            errors.Add(FieldError.Invalid("spec.auditAnnotations", annotations, $"must not have more than {MaxAnnotations} auditAnnotations"));
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < annotations.Count; i++)
        {
            if (annotations[i] is not JsonMap annotation) continue;
            var path = $"spec.auditAnnotations[{i}]";
            var key = annotation.Text("key") ?? "";
            if (Names.QualifiedNameFault($"{name}/{key}") is { } fault) errors.Add(FieldError.Invalid(path + ".key", $"{name}/{key}", fault));
            var expression = (annotation.Text("valueExpression") ?? "").Trim();
            if (expression.Length == 0) errors.Add(FieldError.Required(path + ".valueExpression", "valueExpression is not specified"));
            else ExpressionChecks.Compiles(expression, environment, path + ".valueExpression", errors, CelType.String, CelType.Null);
            if (!keys.Add(key)) errors.Add(FieldError.Duplicate(path + ".key", key));
        }
    }
}
