using Slipway.Api.ModelDeployments.Accelerators;

namespace Slipway.Runtimes.Accelerators;

/// <summary>What is asked of devices whose driver has no word for it.</summary>
internal static class DeviceFields
{
    /// <summary>Names it.</summary>
    /// <param name="demand">What a role wants.</param>
    public static IEnumerable<UnsupportedField> Unsupported(Demand demand)
    {
        if (demand.Claimed is not { } asked) yield break;
        var alternatives = asked.FirstAvailable is { Count: > 0 } given ? given : null;
        foreach (var name in (alternatives?.Select(a => DeviceClasses.Of(a, asked)) ?? [DeviceClasses.Of(asked)]).Distinct())
        {
            foreach (var field in Unknown(demand.Path, asked, name)) yield return field;
        }

        foreach (var alternative in alternatives ?? [])
        {
            foreach (var field in Unknown($"{demand.Path}.firstAvailable[{alternative.Name}]", alternative, DeviceClasses.Of(alternative, asked))) yield return field;
        }
    }

    /// <summary>Names a claim that the pods of a replica would share, where another operator makes the gangs.</summary>
    /// <param name="demand">What a role wants.</param>
    public static IEnumerable<UnsupportedField> Shared(Demand demand)
    {
        if (demand.SharedTemplate is not null)
            yield return new($"{demand.Path}.replicaClaimTemplateName", "is shared by the pods of a gang that Slipway makes, which vllm and llmd have: choose one of them, or name a claim of your own in resourceClaimName", Blocking: true);
    }

    private static IEnumerable<UnsupportedField> Unknown(string path, DeviceSelection asked, string name)
    {
        var known = DeviceClasses.Find(name);
        if (asked.MinMemory is not null && known?.Memory is null) yield return Refuse($"{path}.minMemory", name, "memory");
        if (asked.Models is { Count: > 0 } && known is null) yield return Refuse($"{path}.models", name, "model");
        if (asked.Architectures is { Count: > 0 } && known?.Architecture is null) yield return Refuse($"{path}.architectures", name, "architecture");
        if (asked.Partition is not null && known?.Profile is null) yield return Refuse($"{path}.partition", name, "partition");
    }

    private static UnsupportedField Refuse(string path, string name, string what) => new(
        path, $"by which name devices of the class {name} publish their {what} is not known here: say it with attributes or selectors, or choose another deviceClassName", Blocking: true);
}
