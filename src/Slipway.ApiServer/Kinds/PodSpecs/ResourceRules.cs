using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>The rules of what containers ask for and may use at most.</summary>
internal static class ResourceRules
{
    private const string HugePages = "hugepages-";

    private static readonly string[] s_supported = ["cpu", HugePages, "memory"];

    public static void CheckContainer(Spot container, IReadOnlySet<string> claims)
    {
        if (container.Map("resources") is not { } resources) return;
        Amounts(resources, Container);
        Claims(resources, claims);
    }

    /// <summary>Checks what a pod asks for as a whole.</summary>
    public static void CheckPod(Spot pod)
    {
        if (pod.Map("resources") is not { } resources) return;
        Amounts(resources, (spot, name, path) =>
        {
            if (!PodResources.OfPods(name)) spot.Errors.Add(FieldError.NotSupported(path, name, s_supported));
        });
        var containers = pod.Value.List("containers")?.Maps().ToList() ?? [];
        foreach (var (name, value) in resources.Value.Map("requests") ?? [])
        {
            var sum = PodResources.Sum(containers, name);
            if (Amount.Parse(value as string) is not { } own || own.Nanos >= sum.Nanos) continue;
            pod.Errors.Add(FieldError.Invalid($"{resources.Of("requests")}[{name}]", own.ToString(), $"must be greater than or equal to aggregate container requests of {sum}"));
        }
    }

    private static void Amounts(Spot resources, Action<Spot, string, string> checkName)
    {
        var (limits, requests) = (resources.Value.Map("limits"), resources.Value.Map("requests"));
        var (huge, ordinary) = (false, false);
        foreach (var (member, amounts) in ((string, JsonMap?)[])[("limits", limits), ("requests", requests)])
        {
            foreach (var (name, value) in amounts ?? [])
            {
                var path = $"{resources.Of(member)}[{name}]";
                checkName(resources, name, path);
                huge |= name.StartsWith(HugePages, StringComparison.Ordinal);
                ordinary |= name is "cpu" or "memory";
                if (Amount.Parse(value as string) is not { } amount) continue;
                if (amount.Nanos.Sign < 0) resources.Errors.Add(FieldError.Invalid(path, amount.ToString(), "must be greater than or equal to 0"));
                else if (IsExtended(name) && !amount.IsWhole) resources.Errors.Add(FieldError.Invalid(path, amount.ToString(), "must be an integer"));
            }
        }

        foreach (var (name, value) in requests ?? [])
        {
            if (Amount.Parse(value as string) is not { } request) continue;
            var exact = IsExtended(name) || name.StartsWith(HugePages, StringComparison.Ordinal);
            if (Amount.Parse(limits?.Text(name)) is not { } limit)
            {
                if (exact) resources.Required("limits", "Limit must be set for non overcommitable resources");
            }
            else if (exact ? request.Nanos != limit.Nanos : request.Nanos > limit.Nanos)
            {
                resources.Invalid("requests", request.ToString(), $"must be {(exact ? "equal to" : "less than or equal to")} {name} limit of {limit}");
            }
        }

        if (huge && !ordinary) resources.Errors.Add(FieldError.Forbidden(resources.Path, "HugePages require cpu or memory"));
    }

    private static void Container(Spot resources, string name, string path)
    {
        foreach (var fault in Names.QualifiedNameFaults(name)) resources.Errors.Add(FieldError.Invalid(path, name, fault));
        if (name.Contains('/', StringComparison.Ordinal))
        {
            if (IsExtended(name) && Names.QualifiedNameFault("requests." + name) is not null)
                resources.Errors.Add(FieldError.Invalid(path, name, "doesn't follow extended resource name standard"));
        }
        else if (name is not ("cpu" or "memory" or "ephemeral-storage") && !name.StartsWith(HugePages, StringComparison.Ordinal))
        {
            resources.Errors.Add(FieldError.Invalid(path, name, "must be a standard resource type or fully qualified"));
            resources.Errors.Add(FieldError.Invalid(path, name, "must be a standard resource for containers"));
        }
    }

    // What devices and operators bring, of which there are only whole ones.
    private static bool IsExtended(string name) =>
        name.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 && !name[..slash].EndsWith("kubernetes.io", StringComparison.Ordinal);

    private static void Claims(Spot resources, IReadOnlySet<string> claims)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var claim in resources.Items("claims"))
        {
            var (name, request) = (claim.Text("name"), claim.Text("request"));
            if (name.Length == 0)
            {
                claim.Required("name");
                continue;
            }

            if (!seen.Add((name, request))) resources.Errors.Add(FieldError.Duplicate(claim.Path, request.Length == 0 ? name : $"{name}/{request}"));
            if (claims.Contains(name)) continue;
            var of = claims.Count == 0 ? "which is empty" : $"[{string.Join(' ', claims.Order(StringComparer.Ordinal))}]";
            resources.Errors.Add(FieldError.NotFound(claim.Path, name, $"must be one of the names in pod.spec.resourceClaims {of}"));
        }
    }
}
