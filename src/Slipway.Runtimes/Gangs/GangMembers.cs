using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Gangs;

/// <summary>The pods of one gang, which here are those of one replica: a LeaderWorkerSet whose templates name a PodGroup.</summary>
/// <param name="Replica">The LeaderWorkerSet's name.</param>
/// <param name="Group">The PodGroup's name.</param>
/// <param name="Needed">How many pods there must be before the scheduler starts any of them.</param>
/// <param name="Made">When the PodGroup was made; null where it is not there.</param>
/// <param name="Started">When all of them first had nodes; null where that did not happen yet.</param>
/// <param name="Pods">Those that are there and wanted; one that is being removed is not.</param>
public sealed record GangMembers(string Replica, string Group, int Needed, DateTimeOffset? Made, DateTimeOffset? Started, ImmutableArray<ModelPod> Pods)
{
    /// <summary>How long pods may take to be made before their absence is worth a word.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>When the last change was from which more pods are expected: the newest of the group and its pods.</summary>
    public DateTimeOffset? Since => Pods.Select(p => p.Metadata.CreationTimestamp).Append(Made).Max();

    /// <summary>Whether there are too few of them to start. The scheduler says nothing of that (kubernetes#141900).</summary>
    public bool IsShort => Made is not null && Started is null && Pods.Length < Needed && Pods.All(p => p.Spec?.NodeName is null);

    /// <summary>Pods that took the place of lost ones after the gang had started, and have no node: they are placed by themselves.</summary>
    public IEnumerable<ModelPod> Replacements =>
        Started is { } started && Pods.Any(p => p.Spec?.NodeName is not null) ? Pods.Where(p => p.Spec?.NodeName is null && p.Metadata.CreationTimestamp > started) : [];

    /// <summary>Finds the gangs of what is wanted now; those of a revision before, or while its pods go, are left out.</summary>
    /// <param name="observed">What the API has.</param>
    public static IEnumerable<GangMembers> Of(Observation observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        foreach (var (id, set) in observed.Objects.OrderBy(o => o.Key.Name, StringComparer.Ordinal))
        {
            if (id.Kind != "LeaderWorkerSet" || !GangSupport.IsGang(set) || set.At("metadata", "deletionTimestamp") is not null) continue;
            // None is wanted, or it answers: then it has all that it needs.
            if (set.Number("spec", "replicas") is not { } wanted || wanted <= (set.Number("status", "readyReplicas") ?? 0)) continue;
            if (set.Text("spec", "leaderWorkerTemplate", "leaderTemplate", "spec", "schedulingGroup", "podGroupName") is not { } group) continue;
            if (observed.Pods.Any(p => p.Metadata.Labels?.GetValueOrDefault(SetLabel) == id.Name && GroupOf(p) != group)) continue;
            var there = observed.Find(GangObjects.PodGroupKind.Kind, group);
            yield return new GangMembers(
                id.Name, group, set.Number("spec", "leaderWorkerTemplate", "size") ?? 1, Time(there?.Text("metadata", "creationTimestamp")), Scheduled(there),
                [.. observed.Pods.Where(p => GroupOf(p) == group && p.Metadata.DeletionTimestamp is null && p.Status?.Phase is not ("Succeeded" or "Failed"))]);
        }
    }

    /// <summary>LeaderWorkerSet's label with its name on each pod.</summary>
    private const string SetLabel = "leaderworkerset.sigs.k8s.io/name";

    private static string? GroupOf(ModelPod pod) => pod.Spec?.SchedulingGroup?.PodGroupName;

    // PodGroupScheduled in v1alpha2, PodGroupInitiallyScheduled from 1.37 on: both stay True when a member is lost.
    private static DateTimeOffset? Scheduled(JsonElement? group) => group?.Items("status", "conditions")
        .Where(static c => c.Text("type") is "PodGroupScheduled" or "PodGroupInitiallyScheduled" && c.Text("status") == "True")
        .Select(static c => Time(c.Text("lastTransitionTime"))).FirstOrDefault();

    private static DateTimeOffset? Time(string? text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
