using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Web.Ui;
using static Slipway.Web.Languages.Words;

namespace Slipway.Web.Deployments;

/// <summary>A deployment in the words of the page.</summary>
internal static class DeploymentFacts
{
    public static Condition? Condition(this ModelDeployment deployment, string type) => deployment.Status?.Conditions?.FirstOrDefault(c => c.Type == type);

    public static bool IsReady(this ModelDeployment deployment) => deployment.Condition(ConditionTypes.Ready) is { Status: ConditionStatus.True };

    public static int Wanted(this ModelDeployment deployment) => deployment.Status?.Replicas?.Desired ?? deployment.Spec.Scaling?.Replicas ?? 1;

    public static bool IsStopped(this ModelDeployment deployment) => deployment.Spec.Scaling is { Replicas: 0, Autoscaling: null };

    public static string Path(this ModelDeployment deployment) => $"deployments/{deployment.Metadata.Namespace}/{deployment.Metadata.Name}";

    /// <summary>Its state, as addresses and the REST API have it; pages translate it where they show it.</summary>
    public static string State(this ModelDeployment deployment) =>
        deployment.Metadata.DeletionTimestamp is not null ? N("Going")
        : deployment.IsStopped() ? N("Stopped")
        : deployment.Status?.Phase switch
        {
            DeploymentPhase.Running => N("Running"),
            DeploymentPhase.Failed => N("Failed"),
            DeploymentPhase.Deploying => N("Starting"),
            DeploymentPhase.Terminating => "Going",
            _ => N("Waiting"),
        };

    public static Tone Tone(this ModelDeployment deployment) => deployment.State() switch
    {
        "Running" when deployment.Condition(ConditionTypes.Degraded) is { Status: ConditionStatus.True } => Ui.Tone.Warn,
        "Running" => Ui.Tone.Good,
        "Failed" => Ui.Tone.Bad,
        "Starting" => Ui.Tone.Warn,
        _ => Ui.Tone.Plain,
    };

    public static string ModelName(this ModelDeployment deployment) => deployment.Spec.Model.Id ?? T("inside the image");

    /// <summary>A runtime's name for people, as it gives it itself.</summary>
    public static string DisplayName(this InferenceProviderConfig runtime) =>
        runtime.Metadata.Annotations?.GetValueOrDefault("airunway.ai/display-name") is { Length: > 0 } name ? name : runtime.Metadata.Name ?? "";

    public static string DisplayName(this IReadOnlyList<InferenceProviderConfig> runtimes, string name) =>
        runtimes.FirstOrDefault(r => r.Metadata.Name == name)?.DisplayName() ?? name;

    public static string DisplayName(this EngineType engine) => engine switch
    {
        EngineType.Vllm => "vLLM",
        EngineType.SgLang => "SGLang",
        EngineType.TrtLlm => "TensorRT-LLM",
        _ => "llama.cpp",
    };
}
