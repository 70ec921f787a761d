using System.Text.Json;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.ModelServers;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;
using Slipway.Runtimes.Routing;

namespace Slipway.Runtimes.LlmD;

/// <summary>Reads whether requests find their way to the right pod: the endpoint picker, and the pool in the eyes of gateways.</summary>
internal static class RoutingReader
{
    /// <summary>Reads it.</summary>
    /// <returns>What is wrong; null when nothing is to be seen.</returns>
    public static Degradation? Read(ModelDeployment deployment, Observation observed)
    {
        var picker = observed.Find(ServerKinds.Deployment.Kind, EndpointPicker.Name(deployment));
        if (picker?.Number("status", "availableReplicas") is not > 0)
        {
            var trouble = PodTrouble.Find(observed.Pods.Where(p => p.Metadata.Labels?.GetValueOrDefault(ServerNames.ComponentLabel) == EndpointPicker.Component));
            var effect = LlmDRoles.Split(deployment) ? "prefill pods are not used until it does" : "requests are not routed by queue and cache until it does";
            return new Degradation("EndpointPickerNotReady", $"The endpoint picker does not answer, and {effect}: {trouble?.Message ?? "it is starting"}");
        }

        return observed.Find(InferencePool.Kind.Kind, deployment.Metadata.Name!) is { } pool ? Refused(pool) : null;
    }

    private static Degradation? Refused(JsonElement pool)
    {
        if (pool.At("status", "parents") is not { ValueKind: JsonValueKind.Array } parents) return null;
        foreach (var parent in parents.EnumerateArray())
        {
            if (parent.At("conditions") is not { ValueKind: JsonValueKind.Array } conditions) continue;
            foreach (var condition in conditions.EnumerateArray())
            {
                if (condition.Text("type") is "Accepted" or "ResolvedRefs" && condition.Text("status") == "False")
                    return new Degradation("PoolNotAccepted", $"The gateway {parent.Text("parentRef", "name")} does not take the model's pool: {condition.Text("message") ?? condition.Text("reason")}");
            }
        }

        return null;
    }
}
