using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;
using Slipway.ApiServer.Schemas.Rules;

namespace Slipway.ApiServer.Crds.Definitions;

/// <summary>What makes an entry of x-kubernetes-validations acceptable.</summary>
internal static class RuleDefinitions
{
    private static readonly string[] s_reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    /// <summary>Checks what can be seen without compiling.</summary>
    public static void Shape(JsonMap schema, string path, List<FieldError> errors)
    {
        if (schema.List("x-kubernetes-validations") is not { Count: > 0 } rules) return;
        for (var i = 0; i < rules.Count; i++)
            if (rules[i] is JsonMap json) Shape(Rule.Read(json), $"{path}.x-kubernetes-validations[{i}]", schema, errors);
    }

    private static void Shape(Rule rule, string path, JsonMap schema, List<FieldError> errors)
    {
        var message = rule.Message.Trim();
        if (rule.Expression.AsSpan().Trim().IsEmpty) errors.Add(FieldError.Required(path + ".rule", "rule is not specified"));
        else if (rule.Message.Length > 0 && message.Length == 0) errors.Add(FieldError.Invalid(path + ".message", rule.Message, "must be non-empty if specified"));
        else if (HasBreak(message)) errors.Add(FieldError.Invalid(path + ".message", rule.Message, "must not contain line breaks"));
        else if (HasBreak(rule.Expression.Trim()) && message.Length == 0)
            errors.Add(FieldError.Required(path + ".message", "message must be specified if rule contains line breaks"));
        if (rule.MessageExpression.Length > 0 && rule.MessageExpression.AsSpan().Trim().IsEmpty)
            errors.Add(FieldError.Required(path + ".messageExpression", "messageExpression must be non-empty if specified"));
        if (rule.Reason is not null && !s_reasons.Contains(rule.Reason, StringComparer.Ordinal))
            errors.Add(FieldError.NotSupported(path + ".reason", rule.Reason, s_reasons));
        if (rule.FieldPath.Length == 0) return;
        if (rule.FieldPath.AsSpan().Trim().IsEmpty) errors.Add(FieldError.Invalid(path + ".fieldPath", rule.FieldPath, "must be non-empty if specified"));
        if (HasBreak(rule.FieldPath)) errors.Add(FieldError.Invalid(path + ".fieldPath", rule.FieldPath, "must not contain line breaks"));
        if (FieldPaths.Read(rule.FieldPath, SchemaCompiler.Compile(schema)).Fault is not null)
            errors.Add(FieldError.Invalid(path + ".fieldPath", rule.FieldPath, "must be a valid path"));
    }

    private static bool HasBreak(string text) => text.AsSpan().ContainsAny('\n', '\r');

    /// <summary>Compiles the rules of one place and checks their types, their costs, and their use of the stored object.</summary>
    public static void Validate(Schema schema, RuleType? type, string path, SchemaScope scope, RuleCosts costs, List<FieldError> errors)
    {
        if (type is null)
        {
            errors.Add(new FieldError("InternalError", path + ".x-kubernetes-validations", "Internal error: internal error: failed to construct type " +
                "information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations"));
            return;
        }

        var rules = RuleCompiler.Compile(schema, type, withCost: true);
        for (var i = 0; i < rules.Length; i++) Validate(rules[i], type, $"{path}.x-kubernetes-validations[{i}]", scope, costs, errors);
    }

    private static void Validate(CompiledRule rule, RuleType type, string path, SchemaScope scope, RuleCosts costs, List<FieldError> errors)
    {
        var cost = RuleCosts.OfAll(rule.Cost, scope.Cardinality, type);
        if (cost > RuleCosts.RuleLimit) errors.Add(RuleCosts.TooExpensive(path + ".rule", "estimated rule cost", cost, RuleCosts.RuleLimit));
        costs.Add(path + ".rule", cost);
        if (rule.Error is not null) errors.Add(Invalid(path + ".rule", rule.Rule, rule.Error));
        if (rule.MessageError is not null)
        {
            errors.Add(Invalid(path + ".messageExpression", rule.Rule, rule.MessageError));
        }
        else if (rule.Message is not null)
        {
            if (rule.MessageCost > RuleCosts.RuleLimit)
                errors.Add(RuleCosts.TooExpensive(path + ".messageExpression", "estimated messageExpression cost", rule.MessageCost, RuleCosts.RuleLimit));
            costs.Add(path + ".messageExpression", rule.MessageCost);
        }

        if (rule.UsesOldSelf && scope.Uncorrelated is not null)
            errors.Add(FieldError.Invalid(path + ".rule", rule.Rule.Expression, "oldSelf cannot be used on the uncorrelatable portion of the schema within " + scope.Uncorrelated));
        if (!rule.UsesOldSelf && rule.Rule.OptionalOldSelf is { } optional)
            errors.Add(FieldError.Invalid(path + ".optionalOldSelf", optional, "may not be set if oldSelf is not used in rule"));
    }

    /// <summary>Shows the whole rule, with the names and escapes that upstream's internal form prints with.</summary>
    private static FieldError Invalid(string path, Rule rule, string fault)
    {
        var shown = JsonText.Of(new JsonMap
        {
            ["Rule"] = rule.Expression,
            ["Message"] = rule.Message,
            ["MessageExpression"] = rule.MessageExpression,
            ["Reason"] = rule.Reason,
            ["FieldPath"] = rule.FieldPath,
            ["OptionalOldSelf"] = rule.OptionalOldSelf,
        });
        foreach (var (plain, escaped) in ((string, string)[])[("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")])
            shown = shown.Replace(plain, escaped, StringComparison.Ordinal);
        return new FieldError("FieldValueInvalid", path, $"Invalid value: {shown}: {fault}");
    }
}
