using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Admission.Validation;

/// <summary>ValidatingAdmissionPolicyBindings.</summary>
internal sealed class PolicyBindingStrategy : KindStrategy
{
    private static readonly string[] s_actions = ["Audit", "Deny", "Warn"];
    private static readonly string[] s_without = ["Deny", "Allow"];

    public override void Default(JsonMap value) => MatchResourcesChecks.Default(value.Map("spec", "matchResources"));

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        errors.RemoveAll(e => e.Reason == "FieldValueDuplicate");
        var spec = value.Map("spec") ?? new JsonMap();
        var policy = spec.Text("policyName") ?? "";
        if (policy.Length == 0) errors.Add(FieldError.Required("spec.policyName"));
        else if (Names.SubdomainFault(policy) is { } fault) errors.Add(FieldError.Invalid("spec.policyName", policy, fault));
        if (spec.Map("paramRef") is { } param) Param(param, errors);
        MatchResourcesChecks.Check(spec.Map("matchResources"), "spec.matchResources", errors);
        Actions(spec.List("validationActions") ?? [], errors);
    }

    private static void Param(JsonMap param, List<FieldError> errors)
    {
        const string Both = "name and selector are mutually exclusive";
        var name = param.Text("name") ?? "";
        if (name.Length > 0 && Names.PathSegmentFault(name) is { } fault) errors.Add(FieldError.Invalid("spec.paramRef.name", name, fault));
        if (name.Length > 0 && param.Map("selector") is not null)
        {
            errors.Add(FieldError.Forbidden("spec.paramRef.name", Both));
            errors.Add(FieldError.Forbidden("spec.paramRef.selector", Both));
        }

        SelectorChecks.Check(param.Map("selector"), "spec.paramRef.selector", errors);
        if (name.Length == 0 && param.Map("selector") is null) errors.Add(FieldError.Required("spec.paramRef", "one of name or selector must be specified"));
        if (param.Text("parameterNotFoundAction") is not { Length: > 0 } action) errors.Add(FieldError.Required("spec.paramRef.parameterNotFoundAction"));
        else if (!s_without.Contains(action)) errors.Add(FieldError.NotSupported("spec.paramRef.parameterNotFoundAction", action, s_without));
    }

    private static void Actions(JsonList actions, List<FieldError> errors)
    {
        const string Path = "spec.validationActions";
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < actions.Count; i++)
        {
            if (actions[i] is not string action) continue;
            if (!s_actions.Contains(action)) errors.Add(FieldError.NotSupported($"{Path}[{i}]", action, s_actions));
            if (!seen.Add(action)) errors.Add(FieldError.Duplicate($"{Path}[{i}]", action));
        }

        if (seen.Contains("Deny") && seen.Contains("Warn"))
            errors.Add(FieldError.Invalid(Path, actions,
                "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)"));
        if (actions.Count == 0) errors.Add(FieldError.Required(Path, "at least one validation action is required"));
    }
}
