namespace Slipway.Runtimes.Pods;

/// <summary>What stands in the way of a model's pods, in words for somebody who does not know Kubernetes.</summary>
/// <param name="Reason">As one CamelCase word.</param>
/// <param name="Message">In words, with what to do.</param>
/// <param name="Lasting">Whether it does not go away by itself.</param>
public sealed record PodTrouble(string Reason, string Message, bool Lasting)
{
    /// <summary>The reason of pods that somebody holds back, such as a queue: nothing is wrong, however long it takes.</summary>
    public const string Gated = "SchedulingGated";

    /// <summary>Whether it keeps pods from getting a node, so that nothing begins before it is mended.</summary>
    public bool KeepsFromNodes => Reason is "Unschedulable" or ClaimTrouble.Reason or Gangs.GangTrouble.TooFewPods or Gangs.GangTrouble.SchedulersDiffer;

    /// <summary>Finds what stands in the way; the gravest first when there is more than one thing.</summary>
    /// <param name="pods">The pods.</param>
    /// <param name="observed">What the API has besides: what is said of them in events only, and the time.</param>
    /// <returns>The trouble, or <see langword="null"/> when there is none to see.</returns>
    public static PodTrouble? Find(IEnumerable<ModelPod> pods, Observation? observed = null)
    {
        ArgumentNullException.ThrowIfNull(pods);
        PodTrouble? worst = null;
        foreach (var pod in pods.OrderBy(p => p.Metadata.Name, StringComparer.Ordinal))
        {
            if (Of(pod, observed) is { } trouble && (worst is null || trouble.Lasting && !worst.Lasting)) worst = trouble;
        }

        return worst;
    }

    private static PodTrouble? Of(ModelPod pod, Observation? observed)
    {
        if (pod.Metadata.DeletionTimestamp is not null) return null;
        if (pod.Status is { Phase: "Failed" } failed)
            return new PodTrouble(failed.Reason ?? "PodFailed", $"Pod {pod.Metadata.Name} ended: {failed.Message ?? failed.Reason ?? "no reason was given"}", true);
        foreach (var container in pod.Containers)
        {
            if (Waiting(pod, container) is { } trouble) return trouble;
        }

        if (ClaimTrouble.Of(pod, observed) is { } unclaimed) return unclaimed;
        return pod.Status?.Conditions?.FirstOrDefault(c => c is { Type: "PodScheduled", Status: "False" }) is { } unscheduled
            ? Unscheduled(unscheduled)
            : null;
    }

    private static PodTrouble? Waiting(ModelPod pod, ContainerStatus container)
    {
        var where = $"container {container.Name} of pod {pod.Metadata.Name}";
        var waiting = container.State?.Waiting;
        var ended = container.State?.Terminated ?? container.LastState?.Terminated;
        return waiting?.Reason switch
        {
            "ImagePullBackOff" or "ErrImagePull" or "InvalidImageName" or "ErrImageNeverPull" => new PodTrouble(
                "ImageNotPulled", $"The image {container.Image} for {where} cannot be pulled: {waiting.Message ?? waiting.Reason}. Check its name and that the cluster may read it", true),
            "CreateContainerConfigError" or "CreateContainerError" => new PodTrouble(
                "ContainerNotCreated", $"The {where} cannot be made: {waiting.Message ?? waiting.Reason}. A Secret, ConfigMap or claim that it names may be missing", true),
            "CrashLoopBackOff" => new PodTrouble("EngineCrashed", Crash(container, ended, where), true),
            _ when ended is { ExitCode: not 0 } && !container.Ready && container.RestartCount > 0 => new PodTrouble("EngineCrashed", Crash(container, ended, where), false),
            _ => null,
        };
    }

    private static string Crash(ContainerStatus container, ContainerTerminated? ended, string where) => ended switch
    {
        { Reason: "OOMKilled" } => $"The {where} used more memory than it may and was stopped {container.RestartCount} times: raise spec.resources.memory, or shorten spec.engine.contextLength",
        { Message: { Length: > 0 } words } => $"The {where} stops after its start (exit code {ended.ExitCode}, {container.RestartCount} restarts): {Last(words)}",
        not null => $"The {where} stops after its start (exit code {ended.ExitCode}, {container.RestartCount} restarts): see its log",
        _ => $"The {where} stops after its start ({container.RestartCount} restarts): see its log",
    };

    // kube-scheduler writes its account of all nodes there: "0/3 nodes are available: 2 Insufficient nvidia.com/gpu, 1 node(s) had untolerated taint {..}".
    private static PodTrouble Unscheduled(PodCondition condition)
    {
        var account = condition.Message ?? "";
        if (condition.Reason is Gated) return new PodTrouble(Gated, "Whoever holds the pods back, such as a queue, has not let them in yet", false);
        var advice = account switch
        {
            _ when account.Contains("Insufficient nvidia.com/gpu", StringComparison.Ordinal) || account.Contains("Insufficient amd.com/gpu", StringComparison.Ordinal)
                => "No node has as many free accelerators as one pod asks for: ask for fewer, free some, or add a node",
            _ when account.Contains("cannot allocate all claims", StringComparison.Ordinal)
                => "No node has free devices that fit the claim: ask for less, free some, or add a node",
            _ when account.Contains("untolerated taint", StringComparison.Ordinal) => "The nodes that would do carry a taint: tolerate it in spec.tolerations",
            _ when account.Contains("didn't match Pod's node affinity/selector", StringComparison.Ordinal) => "No node has the labels that spec.nodeSelector asks for",
            _ when account.Contains("Insufficient memory", StringComparison.Ordinal) || account.Contains("Insufficient cpu", StringComparison.Ordinal)
                => "No node has as much free memory or processor as one pod asks for: lower spec.resources, or add a node",
            _ when account.Contains("unbound immediate PersistentVolumeClaims", StringComparison.Ordinal) => "A volume is not there yet: look at the claim's events",
            _ => "The scheduler finds no node for a pod",
        };
        return new PodTrouble("Unschedulable", account.Length == 0 ? advice : $"{advice} ({account})", false);
    }

    private static string Last(string words)
    {
        var line = words.TrimEnd().Split('\n')[^1].Trim();
        return line.Length <= 300 ? line : line[..300] + "...";
    }
}
