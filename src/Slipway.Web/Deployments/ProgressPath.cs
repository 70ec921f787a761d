using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Deployments;

/// <summary>The way of a deployment from its declaration to its first answer, made from its conditions alone. Pure.</summary>
internal static class ProgressPath
{
    // What the weights' condition says while they are on their way; everything else that is not true waits for somebody.
    private static readonly string[] s_onTheWay = ["Downloading", "Resolving", "Retrying", "Installing", "Pending"];

    public static IReadOnlyList<Step> Of(ModelDeployment deployment, LocalEngine? engine)
    {
        var failed = deployment.Status?.Phase is DeploymentPhase.Failed;
        var ready = deployment.Condition(ConditionTypes.Ready);
        var (chosen, scheduled, weights) = (Chosen(deployment), Scheduled(deployment), Weights(deployment, engine));
        if (deployment.IsReady())
        {
            return
            [
                chosen with { State = StepState.Done }, scheduled with { State = StepState.Done }, new(T("Weights at hand"), StepState.Done, weights.Text),
                new(T("Loaded"), StepState.Done, engine?.Status?.Engine ?? ""), new(T("Answering"), StepState.Done, ready!.Message),
            ];
        }

        if (deployment.IsStopped()) return [chosen, new(T("Stopped"), StepState.Waiting, T("On request: 0 replicas. Scale it up to start it again; its weights stay."))];

        var loading = weights.State is not StepState.Done || scheduled.State is not StepState.Done ? new Step(T("Loaded"), StepState.Waiting)
            : new Step(T("Loading"), failed ? StepState.Failed : StepState.Active, ready?.Message ?? deployment.Status?.Message ?? "");
        List<Step> steps = [chosen, scheduled, weights, loading, new(T("Answering"), StepState.Waiting)];
        // One thing at a time: what comes after the first step that is not done has not begun, whatever an older state says.
        var first = steps.FindIndex(static s => s.State is not StepState.Done);
        if (failed && steps[first].State is not StepState.Failed) steps[first] = steps[first] with { State = StepState.Failed, Text = ready?.Message ?? deployment.Status?.Message ?? steps[first].Text };
        for (var i = first + 1; i < steps.Count; i++) steps[i] = new Step(steps[i].Title, StepState.Waiting);
        return steps;
    }

    private static Step Chosen(ModelDeployment deployment)
    {
        var title = T("Runtime chosen");
        foreach (var type in (string[])[ConditionTypes.Validated, ConditionTypes.EngineSelected, ConditionTypes.ProviderSelected, ConditionTypes.Sized])
        {
            if (deployment.Condition(type) is { Status: ConditionStatus.False } wrong)
                return new(title, deployment.Status?.Phase is DeploymentPhase.Failed ? StepState.Failed : StepState.Active, wrong.Message);
        }

        if (deployment.Condition(ConditionTypes.ProviderCompatible) is { Status: ConditionStatus.False } refused && deployment.Status?.Phase is DeploymentPhase.Failed && deployment.Condition(ConditionTypes.ResourceCreated) is null)
            return new(title, StepState.Failed, refused.Message);
        return deployment.Status is { Engine.Type: { } engine, Provider.Name: { } runtime }
            ? new(title, StepState.Done, T("{0} on {1}. {2}", engine.DisplayName(), runtime, deployment.Status.Provider!.SelectedReason))
            : new(title, StepState.Active, T("Slipway looks for an engine and a runtime"));
    }

    private static Step Scheduled(ModelDeployment deployment)
    {
        var title = T("Scheduled");
        if (deployment.Condition(ConditionTypes.StorageReady) is { Status: ConditionStatus.False } storage) return new(title, StepState.Active, storage.Message);
        if (deployment.Condition(ConditionTypes.Ready) is { Status: ConditionStatus.False, Reason: "Unschedulable" or "UpstreamMissing" } nowhere) return new(title, StepState.Active, nowhere.Message);
        return deployment.Condition(ConditionTypes.ResourceCreated) switch
        {
            { Status: ConditionStatus.True } made => new(title, StepState.Done, made.Message),
            { Status: ConditionStatus.False } refused => new(title, StepState.Failed, refused.Message),
            _ => new(title, StepState.Active),
        };
    }

    private static Step Weights(ModelDeployment deployment, LocalEngine? engine)
    {
        var title = T("Weights downloaded");
        var condition = deployment.Condition(ConditionTypes.ModelDownloaded);
        if (condition is { Status: ConditionStatus.True }) return new(title, StepState.Done, condition.Message);
        if (engine?.Status?.Download is { BytesTotal: > 0 and { } total } download)
        {
            var (done, speed) = (download.BytesDone ?? 0, download.BytesPerSecond ?? 0);
            var text = speed > 0
                ? T("{0} of {1} at {2}/s, about {3} left", Say.Bytes(done), Say.Bytes(total), Say.Bytes(speed), Say.Seconds((total - done) / (double)speed))
                : T("{0} of {1}", Say.Bytes(done), Say.Bytes(total));
            return new(title, StepState.Active, text, Math.Clamp(done / (double)total, 0, 1));
        }

        return condition switch
        {
            null => new(title, StepState.Done, T("The runtime fetches them itself and does not say how far it is")),
            _ when s_onTheWay.Contains(condition.Reason, StringComparer.Ordinal) => new(title, StepState.Active, condition.Message),
            { Status: ConditionStatus.False } => new(title, StepState.Failed, condition.Message),
            _ => new(title, StepState.Active, condition.Message),
        };
    }
}
