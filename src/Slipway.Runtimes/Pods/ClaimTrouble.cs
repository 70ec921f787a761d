using Slipway.Api.Meta;
using Slipway.Runtimes.Gangs;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Pods;

/// <summary>A pod whose claim of devices cannot be made: the controller of claims says so in an event, and no condition of the pod does.</summary>
/// <remarks>kube-controller-manager (resourceclaim): `FailedResourceClaimCreation`, about the pod, or the PodGroup whose pods share the claim.</remarks>
public static class ClaimTrouble
{
    /// <summary>The reason in the deployment's conditions.</summary>
    public const string Reason = "ClaimNotCreated";

    /// <summary>The reason of the event.</summary>
    public const string EventReason = "FailedResourceClaimCreation";

    // kube-controller-manager makes a claim within a second, or has tried.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Finds it.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="observed">What is said of it in events, and the time; nothing is found without.</param>
    /// <returns>The trouble; null once its claims are there, whatever was said before.</returns>
    internal static PodTrouble? Of(ModelPod pod, Observation? observed)
    {
        if (observed is null || pod.Spec?.NodeName is not null || !pod.ClaimsToMake.Any()) return null;
        var waits = Waits(pod, observed);
        var said = observed.Events.Where(e => e.Reason == EventReason && IsAbout(e, pod) && waits.Any(c => Speaks(e, c))).MaxBy(When)?.Message;
        if (said is null)
        {
            // Events go after an hour, and may not be read everywhere.
            return observed.Now - pod.Metadata.CreationTimestamp < s_patience || pod.Metadata.CreationTimestamp is null ? null : new PodTrouble(
                Reason, $"Pod {pod.Metadata.Name} waits for claims of devices that nobody makes, by {string.Join(", ", waits.Select(static c => c.ResourceClaimTemplateName).Distinct())}: see whether these ResourceClaimTemplates are there, and what its events say", false);
        }

        return new PodTrouble(Reason, $"Pod {pod.Metadata.Name} waits for a claim of devices that cannot be made: {Advice(said)} ({said.TrimEnd('.')})", false);
    }

    /// <summary>When an event was last seen; those of events.k8s.io have but the time of the first.</summary>
    internal static DateTimeOffset When(KubernetesEvent said) => said.LastTimestamp ?? said.EventTime ?? said.FirstTimestamp ?? DateTimeOffset.MinValue;

    // A pod is told of its claims when all of them are there: where those of its gang are not yet, they are what it waits for.
    private static List<PodClaim> Waits(ModelPod pod, Observation observed)
    {
        var group = pod.Spec?.SchedulingGroup?.PodGroupName is { } name ? observed.Find(GangObjects.PodGroupKind.Kind, name) : null;
        var made = group?.Items("status", "resourceClaimStatuses").Select(static s => s.Text("name")).ToHashSet() ?? [];
        var shared = group?.Items("spec", "resourceClaims").Select(static c => c.Text("name")).Where(n => !made.Contains(n)).ToHashSet() ?? [];
        var all = pod.ClaimsToMake.ToList();
        var ofGroup = all.Where(c => shared.Contains(c.Name)).ToList();
        return ofGroup.Count > 0 ? ofGroup : all;
    }

    // `PodResourceClaim NAME: ...`, and whatever else is said of what is not named.
    private static bool Speaks(KubernetesEvent said, PodClaim claim) =>
        said.Message?.StartsWith("PodResourceClaim ", StringComparison.Ordinal) != true || said.Message.StartsWith($"PodResourceClaim {claim.Name}:", StringComparison.Ordinal);

    private static bool IsAbout(KubernetesEvent said, ModelPod pod) => said.InvolvedObject is { } about
        && (about.Kind == "Pod" && about.Name == pod.Metadata.Name && (about.Uid is null || pod.Metadata.Uid is null || about.Uid == pod.Metadata.Uid)
            || about.Kind == "PodGroup" && about.Name is not null && about.Name == pod.Spec?.SchedulingGroup?.PodGroupName);

    private static string Advice(string said) => said switch
    {
        _ when said.Contains("exceeded quota", StringComparison.Ordinal) => "it is more than the namespace may have. Ask for fewer devices, free some, or have its ResourceQuota raised",
        _ when said.Contains("not found", StringComparison.Ordinal) => "its ResourceClaimTemplate is missing. Apply it in the deployment's namespace, or name another in spec.resources.accelerators",
        _ when said.Contains("admin-access", StringComparison.Ordinal) => "the namespace may not ask for admin access, which takes a label that its administrator sets",
        _ => "look at what the API server objects to",
    };
}
