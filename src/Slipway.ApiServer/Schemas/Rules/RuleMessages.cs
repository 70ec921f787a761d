using System.Text;
using Slipway.ApiServer.Http;
using Slipway.Cel;

namespace Slipway.ApiServer.Schemas.Rules;

/// <summary>The words for a broken rule.</summary>
internal static class RuleMessages
{
    private const int MaxBytes = 5 * 1024;

    /// <summary>Evaluates a messageExpression: its text, nothing where it gives none, or why no more rules may be evaluated.</summary>
    public static (string? Message, string? Stop) Evaluate(CompiledRule rule, RuleVariables variables, ref long left)
    {
        var result = rule.Message!.Evaluate(variables.Plain, CelLimits.Kubernetes);
        if (result.Cost > left) return (null, "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run");
        left -= result.Cost;
        if (result.IsOutOfBudget)
            return (null, $"no further validation rules will be run due to call cost exceeds limit for messageExpression: \"{rule.Rule.MessageExpression}\"");
        if (result.Value?.ToPlain() is not string text) return (null, null);
        text = text.Trim();
        var isUsable = text.Length > 0 && !text.Contains('\n', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(text) <= MaxBytes;
        return (isUsable ? text : null, null);
    }

    public static FieldError Fault(string? reason, string field, object value, string message, bool hasValue) => reason switch
    {
        "FieldValueForbidden" => FieldError.Forbidden(field, message),
        "FieldValueRequired" => FieldError.Required(field, message),
        "FieldValueDuplicate" => hasValue ? FieldError.Duplicate(field, value) : new FieldError(reason, field, "Duplicate value"),
        _ => hasValue ? FieldError.Invalid(field, value, message) : new FieldError("FieldValueInvalid", field, "Invalid value: " + message),
    };
}
