using System.Text.Json.Nodes;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Kaito;

/// <summary>Renders a deployment to a Workspace with its ConfigMap, or to an InferenceSet of such Workspaces with a Service.</summary>
internal static class WorkspaceRenderer
{
    public static IReadOnlyList<JsonObject> Render(KaitoPlan plan, ClusterApis apis)
    {
        var config = plan.IsPreset ? Config(plan) : null;
        var workspace = Workspace(plan, (string?)config?["metadata"]?["name"], apis);
        Overrides.Apply(plan.Deployment, workspace);
        var main = plan.IsSet ? InferenceSetRenderer.Wrap(plan, workspace, apis) : workspace;
        Identify(main);

        List<JsonObject> objects = [main];
        if (config is not null) objects.Add(config);
        if (plan.IsSet) objects.Add(InferenceSetRenderer.Service(plan));
        return objects;
    }

    private static JsonObject Workspace(KaitoPlan plan, string? config, ClusterApis apis)
    {
        var workspace = Rendered.Start(plan.Deployment, $"kaito.sh/{apis.Version(KaitoPlan.Workspace) ?? KaitoPlan.Workspace.Version}", KaitoPlan.Workspace.Kind);
        // Its benchmark holds back readiness for minutes and fails for models that answer with reasoning only (kaito#2359).
        if (plan.IsPreset) Rendered.Annotate(workspace, "kaito.sh/disable-benchmark", "true");
        var resource = new JsonObject { ["labelSelector"] = new JsonObject { ["matchLabels"] = NodeLabels(plan) } };
        if (plan.InstanceType is { } type) resource["instanceType"] = type;
        workspace["resource"] = resource;
        workspace["inference"] = plan.IsPreset ? PresetInference.Render(plan, config!) : LlamaInference.Render(plan);
        return workspace;
    }

    // Labels that nodes have (bring your own), or that the nodes made for the model are given.
    private static JsonObject NodeLabels(KaitoPlan plan)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (plan.Options.AutoProvisioning)
        {
            labels[RuntimeDescriptor.DeploymentLabel] = plan.Deployment.Metadata.Name!;
        }
        else
        {
            labels["kubernetes.io/os"] = "linux";
            // Written by GPU feature discovery, whose labels KAITO needs anyway to size a model for nodes that are there.
            if (plan.OnGpu && plan.Spec.Resources?.Gpu?.Type is null or "nvidia.com/gpu") labels["nvidia.com/gpu.present"] = "true";
        }

        foreach (var (key, value) in plan.Spec.NodeSelector ?? new Dictionary<string, string>()) labels[key] = value;
        return new JsonObject(labels.Select(l => KeyValuePair.Create(l.Key, (JsonNode?)l.Value)));
    }

    // Named by its content: KAITO does not see a change inside, but rolls its pods when the Workspace names another one.
    private static JsonObject Config(KaitoPlan plan)
    {
        var text = InferenceConfig.Write(plan.Deployment);
        var config = Rendered.Start(plan.Deployment, "v1", "ConfigMap", $"-config-{Rendered.Digest(text)[..8]}");
        config["data"] = new JsonObject { [InferenceConfig.Key] = text };
        return config;
    }

    // What KAITO does not roll out: its webhook refuses another preset or resource, its controller puts only environment, volumes and init
    // containers into a running StatefulSet, and an InferenceSet leaves the Workspaces that it has made as they are.
    private static void Identify(JsonObject main)
    {
        var copy = main.DeepClone().AsObject();
        copy.Remove("metadata");
        if (copy["spec"] is JsonObject spec) spec.Remove("replicas");
        if (copy["inference"] is JsonObject inference && inference["preset"] is not null)
        {
            inference.Remove("config");
            inference.Remove("adapters");
        }

        Rendered.Identify(main, copy.ToJsonString());
    }
}
