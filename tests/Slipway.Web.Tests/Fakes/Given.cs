using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Deployments at a stage of their way.</summary>
internal static class Given
{
    public static ModelDeployment Deployment(string name, DeploymentPhase phase = DeploymentPhase.Pending, string message = "", params Condition[] conditions) => new()
    {
        Metadata = new ObjectMeta { Name = name, Namespace = "default", Uid = name, ResourceVersion = "1", CreationTimestamp = DateTimeOffset.UnixEpoch },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = $"org/{name}" } },
        Status = new ModelDeploymentStatus { Phase = phase, Message = message, Conditions = conditions },
    };

    public static ModelDeployment Ready(string name) => Chosen(Deployment(
        name, DeploymentPhase.Running, "The model answers", Is(ConditionTypes.Validated), Is(ConditionTypes.ResourceCreated), Is(ConditionTypes.ModelDownloaded), Is(ConditionTypes.Ready, "Serving", "The model answers")));

    public static ModelDeployment Chosen(ModelDeployment deployment) => deployment with
    {
        Status = deployment.Status! with { Engine = new EngineStatus { Type = EngineType.LlamaCpp }, Provider = new ProviderStatus { Name = "local", SelectedReason = "The only one" } },
    };

    /// <summary>An engine of one process; with a message it stopped by itself.</summary>
    public static LocalEngine Engine(string? message = null) => new()
    {
        Metadata = new ObjectMeta { Name = "a", Namespace = "default" },
        Spec = new LocalEngineSpec { Model = new LocalModel { Id = "org/a" }, ServedName = "a" },
        Status = new LocalEngineStatus { Replicas = [new LocalReplica { Index = 0, State = message is null ? "Ready" : "Backoff", Message = message }] },
    };

    public static Condition Is(string type, string reason = "Yes", string message = "") => Of(type, ConditionStatus.True, reason, message);

    public static Condition IsNot(string type, string reason, string message) => Of(type, ConditionStatus.False, reason, message);

    private static Condition Of(string type, ConditionStatus status, string reason, string message) =>
        new() { Type = type, Status = status, Reason = reason, Message = message, LastTransitionTime = DateTimeOffset.UnixEpoch };
}
