using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Gangs;

/// <summary>The fields of `spec.scheduling` where they mean nothing, or where a runtime cannot honour them.</summary>
internal static class SchedulingFields
{
    private const string Gang = "spec.scheduling.gang";
    private const string Key = "spec.scheduling.topologyKey";

    /// <summary>Names them where each replica is one pod, which is together by itself and on one node.</summary>
    /// <param name="spec">The deployment's spec.</param>
    public static IEnumerable<UnsupportedField> OfOnePod(ModelDeploymentSpec spec)
    {
        const string One = "is for replicas over several nodes, and each is one pod here";
        if (spec.Scheduling?.Gang is GangPolicy.Required or GangPolicy.Never) yield return new(Gang, One, Blocking: false);
        if (spec.Scheduling?.TopologyKey is not null) yield return new(Key, One, Blocking: false);
    }

    /// <summary>Names them where another operator makes the pods of a replica.</summary>
    /// <param name="spec">The deployment's spec.</param>
    /// <param name="required">Why it cannot be promised that they start together.</param>
    /// <param name="never">Why they cannot be kept from it; null where they can.</param>
    /// <param name="place">Why their place cannot be said, with what to do.</param>
    public static IEnumerable<UnsupportedField> OfOthers(ModelDeploymentSpec spec, string required, string? never, string place)
    {
        if (spec.Scheduling?.Gang is GangPolicy.Required) yield return new(Gang, required, Blocking: true);
        if (spec.Scheduling?.Gang is GangPolicy.Never && never is not null) yield return new(Gang, never, Blocking: true);
        if (spec.Scheduling?.TopologyKey is not null) yield return new(Key, place, Blocking: true);
    }
}
