using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Admission.Validation;

/// <summary>The defaults and rules of what policies and bindings are about.</summary>
internal static class MatchResourcesChecks
{
    private static readonly string[] s_matchPolicies = ["Equivalent", "Exact"];

    public static void Default(JsonMap? resources)
    {
        if (resources is null) return;
        resources.TryAdd("namespaceSelector", new JsonMap());
        resources.TryAdd("objectSelector", new JsonMap());
    }

    public static void Check(JsonMap? resources, string path, List<FieldError> errors)
    {
        if (resources is null) return;
        if (resources.Text("matchPolicy") is { } policy && !s_matchPolicies.Contains(policy)) errors.Add(FieldError.NotSupported(path + ".matchPolicy", policy, s_matchPolicies));
        SelectorChecks.Check(resources.Map("namespaceSelector"), path + ".namespaceSelector", errors);
        SelectorChecks.Check(resources.Map("objectSelector"), path + ".objectSelector", errors);
        RuleChecks.Check(resources.List("resourceRules"), path + ".resourceRules", errors);
        RuleChecks.Check(resources.List("excludeResourceRules"), path + ".excludeResourceRules", errors);
    }
}
