using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.ModelServers;

/// <summary>The Service in front of the pods that answer requests.</summary>
internal static class ServerService
{
    public static JsonObject Render(ModelDeployment deployment, ServerRole role)
    {
        var service = Rendered.Start(deployment, "v1", "Service");
        var selector = ServerWorkload.Labels(ServerNames.Selector(deployment, role.Component));
        if (role.SpansNodes) selector[ServerNames.WorkerIndexLabel] = "0";
        service["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["selector"] = selector,
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "http", ["port"] = ServerNames.Port, ["targetPort"] = ServerNames.Port, ["protocol"] = "TCP" }),
        };
        return service;
    }
}
