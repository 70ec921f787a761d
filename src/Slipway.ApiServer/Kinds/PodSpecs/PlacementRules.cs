using Slipway.ApiServer.Admission.Validation;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of where pods may go: selectors, tolerations, affinities and spreading.</summary>
internal static class PlacementRules
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution", Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Check(Spot pod)
    {
        foreach (var (key, value) in pod.Value.Map("nodeSelector") ?? [])
        {
            foreach (var fault in Names.QualifiedNameFaults(key)) pod.Invalid("nodeSelector", key, fault);
            if (value is string text && Names.LabelValueFault(text) is { } wrong) pod.Invalid("nodeSelector", text, wrong);
        }

        if (pod.Text("nodeName").Length > 0 && pod.Value.List("schedulingGates") is { Count: > 0 })
            pod.Forbidden("nodeName", "cannot be set until all schedulingGates have been cleared");
        foreach (var toleration in pod.Items("tolerations")) Toleration(toleration);
        if (pod.Map("affinity") is { } affinity) Affinity(affinity);
        Spread(pod);
    }

    private static void Toleration(Spot toleration)
    {
        var (key, how, effect) = (toleration.Text("key"), toleration.Text("operator"), toleration.Text("effect"));
        foreach (var fault in key.Length > 0 ? Names.QualifiedNameFaults(key) : []) toleration.Invalid("key", key, fault);
        if (key.Length == 0 && how != "Exists")
            toleration.Invalid("operator", how, "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        if (toleration.Has("tolerationSeconds") && effect != "NoExecute") toleration.Invalid("effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        switch (how)
        {
            case "" or "Equal":
                if (Names.LabelValueFault(toleration.Text("value")) is { } wrong) toleration.Invalid("operator", toleration.Text("value"), wrong);
                break;
            case "Exists":
                if (toleration.Text("value").Length > 0) toleration.Invalid("operator", toleration.Text("value"), "value must be empty when `operator` is 'Exists'");
                break;
            default:
                toleration.NotSupported("operator", how, "Equal", "Exists");
                break;
        }

        if (effect.Length > 0) toleration.OneOf("effect", "NoSchedule", "PreferNoSchedule", "NoExecute");
    }

    private static void Affinity(Spot affinity)
    {
        if (affinity.Map("nodeAffinity") is { } node)
        {
            if (node.Map(Required) is { } required) NodeSelectorRules.Check(required);
            foreach (var preferred in node.Items(Preferred))
            {
                if (preferred.Number("weight") is < 1 or > 100) preferred.Invalid("weight", preferred.Number("weight"), "must be in the range 1-100");
                if (preferred.Map("preference") is { } term) NodeSelectorRules.Term(term);
            }
        }

        foreach (var kind in (string[])["podAffinity", "podAntiAffinity"])
        {
            if (affinity.Map(kind) is not { } pods) continue;
            foreach (var term in pods.Items(Required)) PodTerm(term);
            foreach (var preferred in pods.Items(Preferred))
            {
                if (preferred.Number("weight") is < 1 or > 100) preferred.Invalid("weight", preferred.Number("weight"), "must be in the range 1-100");
                if (preferred.Map("podAffinityTerm") is { } term) PodTerm(term);
            }
        }
    }

    private static void PodTerm(Spot term)
    {
        SelectorChecks.Check(term.Value.Map("labelSelector"), term.Of("labelSelector"), term.Errors);
        SelectorChecks.Check(term.Value.Map("namespaceSelector"), term.Of("namespaceSelector"), term.Errors);
        var key = term.Text("topologyKey");
        if (key.Length == 0) term.Required("topologyKey", "can not be empty");
        foreach (var fault in Names.QualifiedNameFaults(key)) term.Invalid("topologyKey", key, fault);
    }

    private static void Spread(Spot pod)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var spread in pod.Items("topologySpreadConstraints"))
        {
            var (key, what) = (spread.Text("topologyKey"), spread.Text("whenUnsatisfiable"));
            if (spread.Number("maxSkew") is <= 0 and var skew) spread.Invalid("maxSkew", skew, "must be greater than zero");
            if (key.Length == 0) spread.Required("topologyKey", "can not be empty");
            if (what is not ("DoNotSchedule" or "ScheduleAnyway")) spread.NotSupported("whenUnsatisfiable", what, "DoNotSchedule", "ScheduleAnyway");
            if (spread.Number("minDomains") is { } domains)
            {
                if (domains <= 0) spread.Invalid("minDomains", domains, "must be greater than zero");
                if (what != "DoNotSchedule") spread.Invalid("minDomains", domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + what);
            }

            SelectorChecks.Check(spread.Value.Map("labelSelector"), spread.Of("labelSelector"), spread.Errors);
            if (!seen.Add((key, what))) spread.Duplicate("{topologyKey, whenUnsatisfiable}", $"{{{key}, {what}}}");
        }
    }
}
