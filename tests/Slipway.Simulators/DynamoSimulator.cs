using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;

namespace Slipway.Simulators;

/// <summary>Dynamo's operator (1.4): a Service a component, `status.components`, and a crash loop that stays `pending`.</summary>
public sealed class DynamoSimulator(KubeClient client, ConcurrentDictionary<string, Stage> stages) : Simulator(client, ApiKinds.DynamoGraphs, stages)
{
    protected override string Finalizer => "nvidia.com/finalizer";

    protected override Outcome Play(JsonElement value, Stage stage)
    {
        var name = Name(value);
        var ready = stage is Stage.Ready;
        var components = new JsonObject();
        var pods = new List<PodGroup>();
        var services = new List<(string, int)>();
        foreach (var component in value.GetProperty("spec").GetProperty("components").EnumerateArray())
        {
            var called = component.GetProperty("name").GetString()!;
            var wanted = Number(component, 1, "replicas");
            components[called] = new JsonObject
            {
                ["componentKind"] = "PodClique",
                ["replicas"] = wanted,
                ["updatedReplicas"] = wanted,
                ["readyReplicas"] = ready ? wanted : 0,
                ["availableReplicas"] = ready ? wanted : 0,
                ["scheduledReplicas"] = stage is Stage.Unschedulable ? 0 : wanted,
            };
            var labels = component.TryGetProperty("podTemplate", out var template) ? Labels(template) : [];
            labels["nvidia.com/dynamo-graph-deployment-name"] = name;
            labels["nvidia.com/dynamo-component"] = called;
            if (component.TryGetProperty("type", out var kind)) labels["nvidia.com/dynamo-component-type"] = kind.GetString();
            pods.Add(new PodGroup($"{name}-{called.ToLowerInvariant()}", wanted, labels));
            if (component.TryGetProperty("type", out var type) && type.ValueEquals("frontend")) services.Add(($"{name}-{called.ToLowerInvariant()}", 8000));
        }

        var (state, condition) = stage switch
        {
            Stage.Ready => ("successful", Condition("Ready", true, "all_resources_are_ready")),
            Stage.Failed => ("failed", Condition("Ready", false, "failed_to_reconcile_the_resources", "topology \"rack\" is not known")),
            Stage.Unschedulable => ("pending", Condition("Ready", false, "insufficient_capacity", "not enough nvidia.com/gpu")),
            _ => ("pending", Condition("Ready", false, "pods_not_ready", "pods are not ready")),
        };
        var status = new JsonObject
        {
            ["state"] = state,
            ["observedGeneration"] = value.GetProperty("metadata").GetProperty("generation").GetInt64(),
            ["components"] = components,
            ["conditions"] = new JsonArray(condition),
        };
        return new Outcome(status, pods, services);
    }
}
