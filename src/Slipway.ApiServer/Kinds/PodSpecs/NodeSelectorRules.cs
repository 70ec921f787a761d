using Slipway.ApiServer.Http;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of what chooses nodes by labels and by name.</summary>
internal static class NodeSelectorRules
{
    public static void Check(Spot selector)
    {
        if (selector.Value.List("nodeSelectorTerms") is null or { Count: 0 }) selector.Required("nodeSelectorTerms", "must have at least one node selector term");
        foreach (var term in selector.Items("nodeSelectorTerms")) Term(term);
    }

    public static void Term(Spot term)
    {
        foreach (var requirement in term.Items("matchExpressions")) Expression(requirement);
        foreach (var requirement in term.Items("matchFields"))
        {
            if (requirement.Text("operator") is not ("In" or "NotIn")) requirement.Invalid("operator", requirement.Text("operator"), "not a valid selector operator");
            else if (requirement.Value.List("values") is not { Count: 1 }) requirement.Required("values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
            if (requirement.Text("key") != "metadata.name") requirement.Invalid("key", requirement.Text("key"), "not a valid field selector key");
        }
    }

    private static void Expression(Spot requirement)
    {
        var (key, values) = (requirement.Text("key"), requirement.Value.List("values"));
        switch (requirement.Text("operator"))
        {
            case "In" or "NotIn":
                if (values is null or { Count: 0 }) requirement.Required("values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (values is { Count: > 0 }) requirement.Forbidden("values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt":
                if (values is not { Count: 1 }) requirement.Required("values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            default:
                requirement.Invalid("operator", requirement.Text("operator"), "not a valid selector operator");
                break;
        }

        foreach (var fault in Names.QualifiedNameFaults(key)) requirement.Invalid("key", key, fault);
        foreach (var (text, path) in requirement.Texts("values"))
            if (Names.LabelValueFault(text) is { } wrong) requirement.Errors.Add(FieldError.Invalid(path, text, wrong));
    }
}
