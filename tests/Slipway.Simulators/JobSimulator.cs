using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>Kubernetes' Job controller, with pods that download: done, `Loading` still at it, `Failed` without access, `Unschedulable` without a node.</summary>
public sealed class JobSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.Jobs, stages)
{
    public const string GatedWords = "403 Client Error. Cannot access gated repo: access to model Qwen/Qwen3-8B is restricted.";

    private const string Begun = "2026-01-01T00:00:00Z", Ended = "2026-01-01T00:01:00Z";

    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var status = new JsonObject { ["startTime"] = Begun, ["active"] = null };
        switch (stage)
        {
            case Stage.Ready:
                (status["succeeded"], status["completionTime"]) = (1, Ended);
                status["conditions"] = new JsonArray(Condition("SuccessCriteriaMet", true, "CompletionsReached"), Condition("Complete", true, "CompletionsReached"));
                break;
            case Stage.Failed:
                status["failed"] = 1;
                status["conditions"] = new JsonArray(Condition("FailureTarget", true, "PodFailurePolicy"), Condition("Failed", true, "PodFailurePolicy", "Container download failed with exit code 41"));
                break;
            default:
                status["active"] = 1;
                break;
        }

        var labels = Labels(value.GetProperty("spec").GetProperty("template"));
        labels["batch.kubernetes.io/job-name"] = Name(value);
        return new Outcome(status, [new PodGroup(Name(value), 1, labels)], []);
    }

    protected override JsonObject PodStatus(Stage stage) => stage switch
    {
        Stage.Ready => Over("Succeeded", 0, "12 files, 16.4 GB, of commit 0123abc"),
        Stage.Failed => Over("Failed", 41, GatedWords),
        _ => base.PodStatus(stage),
    };

    private static JsonObject Over(string phase, int code, string words) => new()
    {
        ["phase"] = phase,
        ["containerStatuses"] = new JsonArray(new JsonObject
        {
            ["name"] = "main",
            ["image"] = "simulated",
            ["imageID"] = "",
            ["ready"] = false,
            ["restartCount"] = 0,
            ["state"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = code, ["reason"] = code == 0 ? "Completed" : "Error", ["message"] = words, ["startedAt"] = Begun, ["finishedAt"] = Ended } },
        }),
    };
}
