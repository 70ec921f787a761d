using System.Globalization;
using Slipway.Api.Meta;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Gangs;

/// <summary>What keeps gangs from starting, or is no gang any more, without the scheduler saying it.</summary>
public static class GangTrouble
{
    /// <summary>The reason where pods of a gang were not made.</summary>
    public const string TooFewPods = "TooFewPods";

    /// <summary>The reason where the pods of a gang name different schedulers.</summary>
    public const string SchedulersDiffer = "SchedulersDiffer";

    /// <summary>The reason where a pod was lost after the start, and its replacement waits.</summary>
    public const string MemberReplaced = "MemberReplaced";

    /// <summary>The event of what makes pods and may not.</summary>
    public const string NotCreated = "FailedCreate";

    /// <summary>What makes the pods of a LeaderWorkerSet, about which <see cref="NotCreated"/> speaks.</summary>
    public const string Maker = "StatefulSet";

    private const string Default = "default-scheduler";

    /// <summary>Finds it.</summary>
    /// <param name="observed">What the API has.</param>
    /// <param name="replicas">The names of the replicas that are wanted: one that is to go may well lack pods.</param>
    /// <returns>The first, in the order of the replicas' names; null when there is none.</returns>
    internal static GangState? Find(Observation observed, IReadOnlySet<string> replicas)
    {
        var gangs = GangMembers.Of(observed).Where(g => replicas.Contains(g.Replica)).ToList();
        foreach (var gang in gangs.Where(g => g.IsShort && observed.Now - g.Since >= GangMembers.Patience)) return new(false, TooFewPods, Short(gang, observed));
        foreach (var gang in gangs.Where(static g => g.Started is null))
        {
            var schedulers = gang.Pods.Select(static p => p.Spec?.SchedulerName ?? Default).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
            if (schedulers.Count > 1)
                return new(false, SchedulersDiffer, $"The pods of replica {gang.Replica} name different schedulers ({string.Join(", ", schedulers)}), and none of them starts a gang in parts: find what changes spec.schedulerName of some of them, such as a mutating webhook, and have it leave them alone");
        }

        foreach (var gang in gangs)
        {
            if (gang.Replacements.FirstOrDefault() is { } replacement)
                return new(true, MemberReplaced, $"Replica {gang.Replica} had started as a whole. Pod {replacement.Metadata.Name} takes the place of one that was lost and is placed by itself, wherever there is room: a gang guards the start alone");
        }

        return null;
    }

    private static string Short(GangMembers gang, Observation observed)
    {
        var (have, need) = (Number(gang.Pods.Length), Number(gang.Needed));
        var begin = $"{have} of {need} pods of replica {gang.Replica} were created, and the scheduler starts none of them before there are {need}";
        return Why(gang, observed.Events) is { } why
            ? $"{begin}. The cluster does not let the others be made: {why}"
            : $"{begin}. Nothing says why: look at the StatefulSets {gang.Replica} and {gang.Replica}-0, which make them, and at LeaderWorkerSet's controller";
    }

    // The leader is of a StatefulSet of the LeaderWorkerSet's name, the workers of one of their leader's.
    private static string? Why(GangMembers gang, IReadOnlyList<KubernetesEvent> events) => events
        .Where(e => e.Reason == NotCreated && e.InvolvedObject is { Kind: Maker, Name: { } name } && (name == gang.Replica || name == $"{gang.Replica}-0"))
        .MaxBy(ClaimTrouble.When)?.Message?.TrimEnd('.');

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
