using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Admission.Validation;

/// <summary>The rules for label selectors in objects.</summary>
internal static class SelectorChecks
{
    public static void Check(JsonMap? selector, string path, List<FieldError> errors)
    {
        foreach (var (key, value) in selector?.Map("matchLabels") ?? [])
        {
            if (Names.QualifiedNameFault(key) is { } fault) errors.Add(FieldError.Invalid(path + ".matchLabels", key, fault));
            if (value is string text && Names.LabelValueFault(text) is { } wrong) errors.Add(FieldError.Invalid(path + ".matchLabels", text, wrong));
        }

        var terms = selector?.List("matchExpressions");
        for (var i = 0; i < (terms?.Count ?? 0); i++)
            if (terms![i] is JsonMap term) Term(term, $"{path}.matchExpressions[{i}]", errors);
    }

    private static void Term(JsonMap term, string path, List<FieldError> errors)
    {
        var values = term.List("values") ?? [];
        switch (term.Text("operator"))
        {
            case "In" or "NotIn":
                if (values.Count == 0) errors.Add(FieldError.Required(path + ".values", "must be specified when `operator` is 'In' or 'NotIn'"));
                break;
            case "Exists" or "DoesNotExist":
                if (values.Count > 0) errors.Add(FieldError.Forbidden(path + ".values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
                break;
            default:
                errors.Add(FieldError.Invalid(path + ".operator", term.Text("operator") ?? "", "not a valid selector operator"));
                break;
        }

        if (Names.QualifiedNameFault(term.Text("key") ?? "") is { } fault) errors.Add(FieldError.Invalid(path + ".key", term.Text("key") ?? "", fault));
        for (var i = 0; i < values.Count; i++)
            if (values[i] is string value && Names.LabelValueFault(value) is { } wrong) errors.Add(FieldError.Invalid($"{path}.values[{i}]", value, wrong));
    }
}
