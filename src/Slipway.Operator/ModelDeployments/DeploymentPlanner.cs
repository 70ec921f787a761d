using System.Text.Json.Nodes;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Operator.Selection;
using Slipway.Runtimes;

namespace Slipway.Operator.ModelDeployments;

/// <summary>Decides, from what is declared and what is, what to apply and what to say. Pure.</summary>
/// <param name="runtimes">The runtimes that this process drives.</param>
/// <param name="gateway">The gateway's address, once there is one.</param>
public sealed class DeploymentPlanner(IReadOnlyList<IRuntime> runtimes, Uri? gateway)
{
    /// <summary>Finds the runtime of a name, if this process drives it.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The runtime; another controller drives the others.</returns>
    public IRuntime? Runtime(string? name) => runtimes.FirstOrDefault(r => r.Descriptor.Name == name);

    /// <summary>Decides.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="providers">The runtimes that made themselves known.</param>
    /// <param name="rendered">The runtime's object of the deployment's name, if there is one.</param>
    /// <param name="nameTakenBy">An older deployment that requests of the same model name go to.</param>
    /// <param name="now">The time.</param>
    /// <returns>The plan.</returns>
    public DeploymentPlan Plan(
        ModelDeployment deployment, IReadOnlyCollection<InferenceProviderConfig> providers, JsonObject? rendered, string? nameTakenBy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var conditions = new ConditionSet(deployment.Status?.Conditions, deployment.Metadata.Generation, now);
        var status = (deployment.Status ?? new ModelDeploymentStatus()) with { ObservedGeneration = deployment.Metadata.Generation };

        DeploymentPlan Stop(DeploymentPhase phase, string reason, string message)
        {
            conditions.False(ConditionTypes.Ready, reason, message);
            return new DeploymentPlan(status with { Phase = phase, Message = message, Conditions = conditions.Conditions }, null);
        }

        var errors = ModelDeploymentValidator.Validate(deployment);
        if (errors.Count > 0)
        {
            var message = string.Join("; ", errors);
            conditions.False(ConditionTypes.Validated, "Invalid", message);
            return Stop(DeploymentPhase.Failed, "Invalid", message);
        }

        conditions.True(ConditionTypes.Validated, "Valid", "The manifest makes sense");

        var choice = Selector.Choose(deployment, providers, now);
        State(conditions, ConditionTypes.EngineSelected, choice.Engine is not null, choice.EngineReason);
        State(conditions, ConditionTypes.ProviderSelected, choice.Provider is not null, choice.ProviderReason);
        if (choice is not { Engine: { } engine, Provider: { } provider })
            return Stop(DeploymentPhase.Pending, "NothingCanRunIt", choice.Engine is null ? choice.EngineReason : choice.ProviderReason);

        status = status with
        {
            Engine = new EngineStatus { Type = engine, SelectedReason = choice.EngineReason },
            Provider = (status.Provider ?? new ProviderStatus()) with { Name = provider, SelectedReason = choice.ProviderReason },
        };
        // A runtime of somebody else's: its own controller takes over from here, and writes the rest of the status.
        if (Runtime(provider) is not { } runtime) return new DeploymentPlan(status with { Conditions = conditions.Conditions }, null);

        var unsupported = runtime.Unsupported(deployment);
        if (unsupported.Count > 0) conditions.False(ConditionTypes.ProviderCompatible, "FieldNotSupported", string.Join("; ", unsupported));
        else conditions.True(ConditionTypes.ProviderCompatible, "Compatible", $"{runtime.Descriptor.DisplayName} honours every field");
        if (unsupported.Any(f => f.Blocking))
            return Stop(DeploymentPhase.Failed, "FieldNotSupported", string.Join("; ", unsupported.Where(f => f.Blocking)));

        if (rendered is not null && !Owns(deployment, rendered))
        {
            var message = $"{runtime.Descriptor.Object.Kind} {deployment.Metadata.Name} exists and belongs to something else: delete it or choose another name";
            conditions.False(ConditionTypes.ResourceCreated, "ResourceConflict", message);
            return Stop(DeploymentPhase.Failed, "ResourceConflict", message);
        }

        status = status with
        {
            Provider = status.Provider! with { ResourceKind = runtime.Descriptor.Object.Kind, ResourceName = deployment.Metadata.Name },
        };
        var apply = runtime.Render(deployment);
        apply["metadata"]!["ownerReferences"] = new JsonArray(OwnerReference(deployment));
        return new DeploymentPlan(Observe(deployment, runtime, rendered, nameTakenBy, status, conditions), apply);
    }

    private ModelDeploymentStatus Observe(
        ModelDeployment deployment, IRuntime runtime, JsonObject? rendered, string? nameTakenBy, ModelDeploymentStatus status, ConditionSet conditions)
    {
        conditions.True(ConditionTypes.ResourceCreated, "Created", $"{runtime.Descriptor.Object.Kind} {deployment.Metadata.Name} is applied");
        if (rendered is null)
        {
            conditions.False(ConditionTypes.Ready, "Deploying", "Just begun");
            return status with { Phase = DeploymentPhase.Deploying, Message = "Just begun", Conditions = conditions.Conditions };
        }

        var state = runtime.Read(deployment, rendered);
        if (state.Weights is { } weights)
            conditions.Set(ConditionTypes.ModelDownloaded, weights.AtHand ? ConditionStatus.True : ConditionStatus.False, weights.Reason, weights.Message);
        var ready = state is { Phase: DeploymentPhase.Running, Replicas.Ready: > 0 };
        conditions.Set(ConditionTypes.Ready, ready ? ConditionStatus.True : ConditionStatus.False, state.Reason, state.Message);
        var routed = Gateway(deployment, ready, nameTakenBy, conditions);
        return status with
        {
            Phase = state.Phase,
            Message = state.Message,
            Replicas = state.Replicas,
            Endpoint = state.Endpoint,
            Gateway = routed,
            Conditions = conditions.Conditions,
        };
    }

    private GatewayStatus? Gateway(ModelDeployment deployment, bool ready, string? nameTakenBy, ConditionSet conditions)
    {
        if (deployment.Spec.Gateway?.Enabled == false || gateway is null)
        {
            conditions.Remove(ConditionTypes.GatewayReady);
            return null;
        }

        var name = ServedModel.RoutedName(deployment);
        if (nameTakenBy is not null)
        {
            conditions.False(
                ConditionTypes.GatewayReady, "ModelNameTaken", $"Requests for \"{name}\" go to {nameTakenBy}, which is older: give another spec.gateway.modelName");
            return null;
        }

        State(conditions, ConditionTypes.GatewayReady, ready, ready ? $"Answers to \"{name}\" at {gateway}v1" : "Waits for the model");
        return new GatewayStatus { Endpoint = $"{gateway}v1", ModelName = name, ApiFormats = [ApiFormat.OpenAIChat] };
    }

    private static void State(ConditionSet conditions, string type, bool holds, string message) =>
        conditions.Set(type, holds ? ConditionStatus.True : ConditionStatus.False, holds ? type : $"Not{type}", message);

    private static bool Owns(ModelDeployment deployment, JsonObject rendered) =>
        rendered["metadata"]?["ownerReferences"] is JsonArray owners && owners.Any(o => (string?)o?["uid"] == deployment.Metadata.Uid);

    private static JsonObject OwnerReference(ModelDeployment deployment) => new()
    {
        ["apiVersion"] = ModelDeployment.GroupVersion,
        ["kind"] = "ModelDeployment",
        ["name"] = deployment.Metadata.Name,
        ["uid"] = deployment.Metadata.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}
