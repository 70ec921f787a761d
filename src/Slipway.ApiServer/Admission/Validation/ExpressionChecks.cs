using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.Cel;

namespace Slipway.ApiServer.Admission.Validation;

/// <summary>The rules for expressions of webhooks and policies: they must compile to the type that is wanted.</summary>
internal static class ExpressionChecks
{
    private const int MaxConditions = 64;

    public static void Conditions(JsonList? conditions, CelEnvironment environment, string path, List<FieldError> errors)
    {
        if (conditions is null) return;
        if (conditions.Count > MaxConditions) errors.Add(FieldError.TooMany(path, conditions.Count, MaxConditions));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < conditions.Count; i++)
        {
            if (conditions[i] is not JsonMap condition) continue;
            var expression = (condition.Text("expression") ?? "").Trim();
            if (expression.Length == 0) errors.Add(FieldError.Required($"{path}[{i}].expression"));
            else Compiles(expression, environment, $"{path}[{i}].expression", errors, CelType.Bool);
            var name = condition.Text("name") ?? "";
            if (name.Length == 0) errors.Add(FieldError.Required($"{path}[{i}].name"));
            else if (Names.QualifiedNameFault(name) is { } fault) errors.Add(FieldError.Invalid($"{path}[{i}].name", name, fault));
            if (name.Length > 0 && !seen.Add(name)) errors.Add(FieldError.Duplicate($"{path}[{i}].name", name));
        }
    }

    public static void Compiles(string expression, CelEnvironment environment, string path, List<FieldError> errors, params ReadOnlySpan<CelType> types)
    {
        if (AdmissionCel.Compile(environment, expression, types).Fault is { } fault) errors.Add(FieldError.Invalid(path, expression, fault));
    }
}
