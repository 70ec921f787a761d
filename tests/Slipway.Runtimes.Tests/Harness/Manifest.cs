using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Tests.Harness;

/// <summary>Deployments written as JSON, for tests of one rule.</summary>
internal static class Manifest
{
    /// <summary>A deployment with the given spec.</summary>
    public static ModelDeployment Of(string spec, string name = "a") => new()
    {
        Metadata = new() { Name = name, Namespace = "default", Uid = "u" },
        Spec = JsonSerializer.Deserialize(spec, SlipwayJson.Default.ModelDeploymentSpec)!,
    };

    /// <summary>The main object that a deployment renders to.</summary>
    public static JsonObject Rendered(this IRuntime runtime, ModelDeployment deployment) => runtime.Render(deployment, UpstreamCluster.Apis)[0];

    /// <summary>What an object must be made anew for.</summary>
    public static string Identity(this JsonObject rendered) => (string)rendered["metadata"]!["annotations"]!["slipway.dev/identity"]!;

    /// <summary>The refusal of a field, or nothing.</summary>
    public static UnsupportedField? Refusal(this IRuntime runtime, ModelDeployment deployment, string path) =>
        runtime.Unsupported(deployment).FirstOrDefault(f => f.Path == path);
}
