using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Accelerators;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Dynamo;

/// <summary>Renders a deployment to a DynamoGraphDeployment, with a DynamoModel for each adapter.</summary>
internal static class GraphRenderer
{
    public static RuntimeObject Graph { get; } = new("nvidia.com", "v1beta1", "DynamoGraphDeployment", "dynamographdeployments") { OtherVersions = ["v1alpha1"] };

    public static RuntimeObject Model { get; } = new("nvidia.com", "v1alpha1", "DynamoModel", "dynamomodels");

    public static IReadOnlyList<JsonObject> Render(DynamoPlan plan, ClusterApis apis)
    {
        var version = apis.Version(Graph) ?? Graph.Version;
        var graph = Rendered.Start(plan.Deployment, $"nvidia.com/{version}", Graph.Kind);
        graph["spec"] = version == "v1alpha1" ? AlphaGraph.Spec(plan) : BetaGraph.Spec(plan);
        Overrides.Apply(plan.Deployment, graph);
        graph.Remove(DynamoPlan.RouterModeKey);
        Identify(plan, graph);
        return [graph, .. plan.Adapters.Select(a => Adapter(plan, a)), .. DeviceClaims.Templates(plan.Deployment, plan.Workers.Select(w => w.Demand.Claimed))];
    }

    /// <summary>An adapter, which the operator has each worker load that names the same base model.</summary>
    private static JsonObject Adapter(DynamoPlan plan, ModelAdapter adapter)
    {
        var model = Rendered.Start(plan.Deployment, $"nvidia.com/{Model.Version}", Model.Kind, $"-{adapter.Name}");
        model["spec"] = new JsonObject
        {
            ["modelName"] = adapter.Name,
            ["baseModelName"] = plan.Model,
            ["modelType"] = "lora",
            ["source"] = new JsonObject { ["uri"] = $"hf://{adapter.Id}" },
        };
        // The webhook refuses another base, and workers keep what they have loaded under a name.
        Rendered.Identify(model, plan.Model, adapter.Id);
        return model;
    }

    // The operator's webhook refuses another backend, other components, a change between one node and several, and another topology or
    // transfer policy; and what a graph is made of, Grove or not, is settled when it is made (internal/webhook/validation of 1.4).
    private static void Identify(DynamoPlan plan, JsonObject graph) => Rendered.Identify(
        graph,
        [
            plan.Engine.Name(),
            .. plan.Workers.Select(w => string.Create(CultureInfo.InvariantCulture, $"{w.Name} {w.Nodes > 1}")),
            graph["spec"]?["topologyConstraint"]?.ToJsonString(),
            graph["spec"]?["experimental"]?.ToJsonString(),
            graph["metadata"]?["annotations"]?["nvidia.com/enable-grove"]?.ToJsonString(),
        ]);
}
