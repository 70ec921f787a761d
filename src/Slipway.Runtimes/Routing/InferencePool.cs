using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.ModelServers;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Routing;

/// <summary>The pool of pods among which the endpoint picker chooses for each request.</summary>
internal static class InferencePool
{
    /// <summary>The kind, of the Gateway API Inference Extension.</summary>
    public static RuntimeObject Kind { get; } = new("inference.networking.k8s.io", "v1", "InferencePool", "inferencepools");

    /// <summary>Renders it, under the deployment's own name.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="selector">The labels of the pods that answer requests.</param>
    /// <param name="port">Where they answer.</param>
    /// <param name="apis">What the cluster serves.</param>
    public static JsonObject Render(ModelDeployment deployment, JsonObject selector, int port, ClusterApis apis)
    {
        var pool = Rendered.Start(deployment, Kind.ApiVersion(apis), Kind.Kind);
        pool["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = selector },
            ["targetPorts"] = new JsonArray(new JsonObject { ["number"] = port }),
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
