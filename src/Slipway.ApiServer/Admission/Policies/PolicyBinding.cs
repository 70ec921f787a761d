using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Admission.Policies;

/// <summary>A ValidatingAdmissionPolicyBinding: where a policy holds, with which parameters, and what a violation does.</summary>
internal sealed record PolicyBinding(string Name, string PolicyName, MatchCriteria? Match, ParamRef? Param, IReadOnlyList<string> Actions)
{
    public static PolicyBinding Read(string name, JsonMap spec) => new(
        name,
        spec.Text("policyName") ?? "",
        spec.Map("matchResources") is { } resources ? MatchCriteria.OfPolicy(resources) : null,
        spec.Map("paramRef") is { } param ? ParamRef.Read(param) : null,
        [.. spec.List("validationActions")?.Strings() ?? []]);
}

/// <summary>Which objects parametrise a policy.</summary>
internal sealed record ParamRef(string Name, string Namespace, ObjectSelector? Selector, bool DeniesWithout)
{
    public static ParamRef Read(JsonMap param) => new(
        param.Text("name") ?? "",
        param.Text("namespace") ?? "",
        param.Map("selector") is { } selector ? ObjectSelector.Read(selector) : null,
        param.Text("parameterNotFoundAction") == "Deny");
}
