using System.Numerics;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Schemas;

namespace Slipway.ApiServer.Kinds.PodSpecs;

/// <summary>What the resources of containers come to for the pod: requests that follow from limits, and its class of service.</summary>
internal static class PodResources
{
    private static readonly string[] s_counted = ["cpu", "memory"];

    /// <summary>Requests what is limited, where nothing else is asked for.</summary>
    public static void CompleteRequests(JsonMap spec)
    {
        foreach (var container in All(spec)) FromLimits(container.Map("resources"));
        if (spec.Map("resources") is not { } own || (own.Map("requests") is null && own.Map("limits") is null)) return;
        foreach (var name in spec.List("containers")?.Maps().SelectMany(c => Keys(c.Map("resources"))).Where(OfPods).Distinct(StringComparer.Ordinal).ToList() ?? [])
            own.Ensure("requests").TryAdd(name, Sum(spec.List("containers")!.Maps(), name).ToString());
        FromLimits(own);
    }

    /// <summary>Gets the class by which pods are spared when their node runs short.</summary>
    public static string QualityOf(JsonMap spec)
    {
        var places = spec.Map("resources") is { Count: > 0 } own ? [own] : All(spec).Select(c => c.Map("resources")).ToList();
        var (requests, limits) = (new Dictionary<string, BigInteger>(StringComparer.Ordinal), new Dictionary<string, BigInteger>(StringComparer.Ordinal));
        var limited = true;
        foreach (var place in places)
        {
            Count(place?.Map("requests"), requests);
            limited &= Count(place?.Map("limits"), limits) == s_counted.Length;
        }

        if (requests.Count == 0 && limits.Count == 0) return "BestEffort";
        return limited && requests.Count == limits.Count && requests.All(r => limits.TryGetValue(r.Key, out var limit) && limit == r.Value) ? "Guaranteed" : "Burstable";
    }

    /// <summary>Gets what containers that run side by side ask for together.</summary>
    public static Amount Sum(IEnumerable<JsonMap> containers, string name)
    {
        Amount? sum = null;
        foreach (var container in containers)
        {
            if (Amount.Parse(container.Map("resources", "requests")?.Text(name)) is not { } amount) continue;
            sum = sum is { } before ? before with { Nanos = before.Nanos + amount.Nanos } : amount;
        }

        return sum ?? new Amount(0, 'd');
    }

    /// <summary>Gets whether a resource may be asked for by the pod as a whole.</summary>
    public static bool OfPods(string name) => name is "cpu" or "memory" || name.StartsWith("hugepages-", StringComparison.Ordinal);

    private static IEnumerable<string> Keys(JsonMap? resources) => resources?.Map("requests")?.Keys ?? Enumerable.Empty<string>();

    private static IEnumerable<JsonMap> All(JsonMap spec) => (spec.List("containers")?.Maps() ?? []).Concat(spec.List("initContainers")?.Maps() ?? []);

    private static void FromLimits(JsonMap? resources)
    {
        foreach (var (name, limit) in resources?.Map("limits") ?? []) resources!.Ensure("requests").TryAdd(name, limit);
    }

    private static int Count(JsonMap? amounts, Dictionary<string, BigInteger> into)
    {
        var found = 0;
        foreach (var name in s_counted)
        {
            if (Amount.Parse(amounts?.Text(name)) is not { Nanos.Sign: > 0 } amount) continue;
            into[name] = into.GetValueOrDefault(name) + amount.Nanos;
            found++;
        }

        return found;
    }
}
