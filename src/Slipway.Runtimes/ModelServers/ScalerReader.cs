using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.ModelServers;

/// <summary>Reads whether the autoscaler of a deployment works.</summary>
internal static class ScalerReader
{
    /// <summary>Reads it.</summary>
    /// <returns>Why the number of replicas does not follow the load; null when it does, or is not meant to.</returns>
    public static Degradation? Read(ModelDeployment deployment, Observation observed)
    {
        if (!ServerScaler.Scales(deployment)) return null;
        if (observed.Find(ServerKinds.ScaledObject.Kind, deployment.Metadata.Name!) is { } keda)
        {
            if (keda.Condition("Ready") is { IsFalse: true } notReady) return Still(notReady.Message, "See KEDA's log");
            return keda.Condition("HPAActive") is { IsFalse: true } inactive ? Still(inactive.Message, "See whether the replicas answer at /metrics") : null;
        }

        return observed.Find(ServerKinds.HorizontalPodAutoscaler.Kind, deployment.Metadata.Name!)?.Condition("ScalingActive") is { IsFalse: true, Reason: not "ScalingDisabled" } still
            ? Still(still.Message, "Install KEDA, or a metrics adapter that serves the engine's metrics as custom metrics of its pods")
            : null;
    }

    private static Degradation Still(string message, string advice) =>
        new("NotScaling", $"The number of replicas does not follow the load: {message.TrimEnd('.')}. {advice}");
}
