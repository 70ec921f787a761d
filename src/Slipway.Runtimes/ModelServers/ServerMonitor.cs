using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.ModelServers;

/// <summary>Tells the Prometheus operator, where there is one, to read the engines' metrics.</summary>
internal static class ServerMonitor
{
    /// <summary>Renders a PodMonitor for all model servers of a deployment; nothing in a cluster without the Prometheus operator.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="apis">What the cluster serves.</param>
    /// <param name="further">Named ports of other pods of the deployment that have metrics.</param>
    public static IEnumerable<JsonObject> Render(ModelDeployment deployment, ClusterApis apis, params IEnumerable<string> further)
    {
        if (apis.Version(ServerKinds.PodMonitor) is null) yield break;
        var monitor = Rendered.Start(deployment, ServerKinds.PodMonitor.ApiVersion(apis), ServerKinds.PodMonitor.Kind);
        monitor["spec"] = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = ServerWorkload.Labels([(RuntimeDescriptor.DeploymentLabel, deployment.Metadata.Name!)]) },
            // Pods without a port of that name, such as the further ones of a group, are left out by Prometheus.
            ["podMetricsEndpoints"] = new JsonArray([.. further.Prepend(ServerNames.PortName).Select(p => new JsonObject { ["port"] = p, ["path"] = "/metrics" })]),
        };
        yield return monitor;
    }
}
