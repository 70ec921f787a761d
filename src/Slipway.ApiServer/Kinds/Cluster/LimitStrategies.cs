using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.Cluster;

/// <summary>Quotas: resources that can be counted, and scopes that fit them.</summary>
internal sealed class QuotaStrategy : PlainStrategy
{
    private static readonly string[] s_objects =
        ["pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers"];

    private static readonly string[] s_amounts =
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage",
        "limits.cpu", "limits.memory", "limits.ephemeral-storage",
    ];

    private static readonly string[] s_scopes =
        ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];

    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        foreach (var (name, value_) in map.Map("hard") ?? []) Hard(spec, name, value_ as string);
        var scopes = spec.Texts("scopes").Select(s => s.Text).ToList();
        foreach (var scope in scopes)
        {
            if (!s_scopes.Contains(scope)) spec.Invalid("scopes", map.At("scopes"), "unsupported scope");
            else if (map.Map("hard")?.Keys.Any(k => !FitsScope(k, scope)) == true) spec.Invalid("scopes", map.At("scopes"), "unsupported scope applied to resource");
        }

        foreach (var term in spec.Map("scopeSelector")?.Items("matchExpressions") ?? [])
        {
            var place = term with { Path = "spec.scopeSelector.matchExpressions" };
            if (!s_scopes.Contains(term.Text("scopeName"))) place.Invalid("scopeName", term.Text("scopeName"), "unsupported scope");
            if (term.Text("operator") is "In" or "NotIn" && term.Value.List("values") is null or { Count: 0 })
                place.Required("values", "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector");
        }
    }

    private static void Hard(Spot spec, string name, string? text)
    {
        var place = $"hard[{name}]";
        foreach (var fault in Names.QualifiedNameFaults(name)) spec.Invalid(place, name, fault);
        if (!name.Contains('/', StringComparison.Ordinal) && !s_objects.Contains(name) && !s_amounts.Contains(name) && !name.Contains("hugepages-", StringComparison.Ordinal))
        {
            spec.Invalid(place, name, "must be a standard resource type or fully qualified");
            spec.Invalid(place, name, "must be a standard resource for quota");
        }

        if (Amount.Parse(text) is not { } amount) return;
        if (amount.Nanos.Sign < 0) spec.Invalid(place, amount.ToString(), "must be greater than or equal to 0");
        else if (s_objects.Contains(name) && !amount.IsWhole) spec.Invalid(place, amount.ToString(), "must be an integer");
    }

    // Best effort asks for nothing, so that only its pods can be counted; other scopes are of pods and what they use.
    private static bool FitsScope(string name, string scope) => scope == "BestEffort" ? name == "pods" : name == "pods" || s_amounts.Contains(name) || name.Contains("hugepages-", StringComparison.Ordinal) || name.Contains('/', StringComparison.Ordinal);
}

/// <summary>Ranges of limits: defaults that follow from them, and an order among them.</summary>
internal sealed class LimitRangeStrategy : PlainStrategy
{
    public override void Default(JsonMap value)
    {
        foreach (var item in value.Map("spec")?.List("limits")?.Maps() ?? [])
        {
            if (item.Text("type") != "Container") continue;
            foreach (var (name, most) in item.Map("max") ?? []) item.Ensure("default").TryAdd(name, most);
            foreach (var (name, usual) in item.Map("default") ?? []) item.Ensure("defaultRequest").TryAdd(name, usual);
            foreach (var (name, least) in item.Map("min") ?? []) item.Ensure("defaultRequest").TryAdd(name, least);
        }
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        if (value.Map("spec") is not { } spec) return;
        foreach (var item in new Spot(spec, "spec", errors).Items("limits"))
        {
            var type = item.Text("type");
            foreach (var fault in Names.QualifiedNameFaults(type)) item.Invalid("type", type, fault);
            if (!types.Add(type)) item.Duplicate("type", type);
            if (type == "Pod")
                foreach (var name in (string[])["default", "defaultRequest"])
                    if (item.Value.Map(name) is { Count: > 0 }) item.Forbidden(name, "may not be specified when `type` is 'Pod'");
            if (type == "PersistentVolumeClaim" && item.Value.Map("min")?.ContainsKey("storage") != true && item.Value.Map("max")?.ContainsKey("storage") != true)
                item.Required("limits", "either minimum or maximum storage value is required, but neither was provided");
            foreach (var name in ((string[])["min", "max", "default", "defaultRequest"]).SelectMany(m => item.Value.Map(m)?.Keys ?? Enumerable.Empty<string>()).Distinct(StringComparer.Ordinal)) Order(item, name);
        }
    }

    private static void Order(Spot item, string name)
    {
        Amount? Of(string member) => Amount.Parse(item.Value.Map(member)?.Text(name));
        void Compare(string member, Amount? left, string leftName, Amount? right, string rightName, Amount? shown)
        {
            if (left is { } l && right is { } r && l.Nanos > r.Nanos) item.Invalid($"{member}[{name}]", shown.ToString(), $"{leftName} value {l} is greater than {rightName} value {r}");
        }

        var (least, most, usual, request) = (Of("min"), Of("max"), Of("default"), Of("defaultRequest"));
        Compare("min", least, "min", most, "max", least);
        Compare("defaultRequest", least, "min", request, "default request", request);
        Compare("defaultRequest", request, "default request", most, "max", request);
        Compare("defaultRequest", request, "default request", usual, "default", request);
        Compare("default", least, "min", usual, "default", least);
        Compare("default", usual, "default", most, "max", most);
    }
}
