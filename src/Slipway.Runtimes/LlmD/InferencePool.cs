using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.ModelServers;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.LlmD;

/// <summary>The pool of pods among which the endpoint picker chooses for each request.</summary>
internal static class InferencePool
{
    /// <summary>The kind, of the Gateway API Inference Extension.</summary>
    public static RuntimeObject Kind { get; } = new("inference.networking.k8s.io", "v1", "InferencePool", "inferencepools");

    /// <summary>The label of the pods that answer requests, so that further pods of a group are not chosen.</summary>
    public static (string Key, string Value) Member { get; } = ("llm-d.ai/inference-serving", "true");

    /// <summary>Renders it, under the deployment's own name.</summary>
    public static JsonObject Render(ModelDeployment deployment, ClusterApis apis)
    {
        var pool = Rendered.Start(deployment, Kind.ApiVersion(apis), Kind.Kind);
        pool["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject
            {
                ["matchLabels"] = ServerWorkload.Labels([(RuntimeDescriptor.DeploymentLabel, deployment.Metadata.Name!), Member]),
            },
            ["targetPorts"] = new JsonArray(new JsonObject { ["number"] = ServerNames.Port }),
            ["endpointPickerRef"] = new JsonObject
            {
                ["name"] = EndpointPicker.Name(deployment),
                ["port"] = new JsonObject { ["number"] = EndpointPicker.Port },
                // Without a picker any pod is better than none: each answers whole requests.
                ["failureMode"] = "FailOpen",
            },
        };
        return pool;
    }
}
