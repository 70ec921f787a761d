using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.ModelServers;

/// <summary>How the kubelet sees whether an engine answers.</summary>
/// <remarks>
/// All ask for /health: vLLM and SGLang open their port or answer 200 there only with the model loaded, vLLM answers 503 once its engine has
/// died, and unlike /v1/models it needs no API key where the manifest sets one.
/// </remarks>
internal static class ServerProbes
{
    private const int Period = 10;

    /// <summary>Adds the probes to a container.</summary>
    public static void Add(JsonObject container, ModelDeployment deployment, ServerRole role)
    {
        var attempts = (int)Math.Ceiling(StartupBudget.Startup(deployment, role.Accelerators).TotalSeconds / Period);
        container["startupProbe"] = Probe(attempts);
        container["readinessProbe"] = Probe(3);
        container["livenessProbe"] = Probe(3);
    }

    private static JsonObject Probe(int attempts) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = "/health", ["port"] = ServerNames.PortName },
        ["periodSeconds"] = Period,
        // A busy engine may take a while to get to it; one second, the default, has been too short.
        ["timeoutSeconds"] = 5,
        ["failureThreshold"] = attempts,
    };
}
