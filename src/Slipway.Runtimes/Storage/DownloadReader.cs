using System.Text.Json;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Storage;

/// <summary>Tells how far a download is. A Job tells no bytes: what is on the way is in its log only, and its last words are in its pods.</summary>
public static class DownloadReader
{
    /// <summary>Reads a Job.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The Job's name.</param>
    /// <param name="job">The Job, once there is one.</param>
    /// <param name="pods">The pods of the deployment's downloads.</param>
    /// <returns>The state.</returns>
    public static DownloadState Read(ModelSpec model, string name, JsonElement? job, IEnumerable<ModelPod> pods)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pods);
        if (job is not { } found || found.At("metadata", "deletionTimestamp") is not null) return new(false, "DownloadPending", $"The download of {model.Id} is about to begin", false);
        List<ModelPod> mine = [.. pods.Where(p => p.Metadata.Labels?.TryGetValue("batch.kubernetes.io/job-name", out var of) == true && of == name).OrderBy(p => p.Metadata.CreationTimestamp)];
        if (IsComplete(found)) return new(true, "Downloaded", $"{model.Id} is on its volume{(Words(mine.LastOrDefault(p => p.Status?.Phase == "Succeeded")) is { } words ? $": {words}" : "")}", false);
        var ended = mine.LastOrDefault(p => p.Status?.Phase == "Failed");
        if (found.Condition("Failed") is { IsTrue: true } failed) return Failed(model, name, failed, ended);
        if (found.Condition("Suspended") is { IsTrue: true }) return new(false, "DownloadSuspended", $"Job {name} is suspended: a queue may hold it back, or somebody does", false);

        var before = ended is null ? "" : $". Before that: {Words(ended) ?? ended.Status?.Reason ?? "no reason was given"}";
        List<ModelPod> now = [.. mine.Where(p => p is { Status.Phase: not ("Failed" or "Succeeded"), Metadata.DeletionTimestamp: null })];
        if (PodTrouble.Find(now) is { } trouble) return new(false, trouble.Reason, $"The download of {model.Id} cannot begin. {trouble.Message}{before}", false);
        var running = now.FirstOrDefault(p => p.Status?.Phase == "Running");
        return running is null
            ? new(false, "DownloadPending", $"The download of {model.Id} waits for its pod to start{before}", false)
            : new(false, "Downloading", $"{model.Id} is being downloaded{Since(running)}; only its log says how far it is: kubectl logs {running.Metadata.Name}{before}", false);
    }

    /// <summary>Whether a Job has done its work.</summary>
    /// <param name="job">The Job.</param>
    /// <returns>Whether it has.</returns>
    public static bool IsComplete(JsonElement job) => job.Condition("Complete") is { IsTrue: true };

    private static DownloadState Failed(ModelSpec model, string name, ObservedCondition failed, ModelPod? pod)
    {
        var words = Words(pod) ?? pod?.Status?.Message ?? failed.Message;
        var code = pod?.Containers.Select(c => c.State?.Terminated?.ExitCode).FirstOrDefault(c => c is not null);
        var (reason, advice) = (code, pod?.Status?.Reason) switch
        {
            (ModelDownload.Gated, _) => ("GatedOrPrivate", "Accept its licence on the hub, and name the Secret of a token that may read it in spec.secrets.huggingFaceToken"),
            (ModelDownload.Unknown, _) => ("NotFound", "Check spec.model.id, revision and file; a private model needs a token, too"),
            (ModelDownload.Full, _) => ("DiskFull", "Give the volume a larger size, or free space on it"),
            (_, "Evicted") => ("Evicted", "Its node ran short of something"),
            (137, _) => ("DownloadFailed", "It was stopped, most likely for the memory that it took"),
            _ => ("DownloadFailed", "The hub or the way to it may be at fault"),
        };
        return new(false, reason, $"{model.Id} was not downloaded: {words.TrimEnd('.')}. {advice}. Then delete Job {name}, which begins it again where it stopped", true);
    }

    private static string? Words(ModelPod? pod) => pod?.Containers.Select(c => c.State?.Terminated?.Message?.Trim()).FirstOrDefault(m => m is { Length: > 0 }) switch
    {
        null => null,
        var words when words.Split('\n')[^1].Trim() is { Length: <= 500 } last => last,
        var words => words.Split('\n')[^1].Trim()[..500] + "...",
    };

    private static string Since(ModelPod pod) => pod.Containers.Select(c => c.State?.Running?.StartedAt).FirstOrDefault(t => t is not null) is { } since ? $" since {since:u}" : "";
}
