using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Manifests;

namespace Slipway.Web.Deploy;

/// <summary>A deployment as values of the chart <c>deploy/chart/slipway-models</c>. Pure.</summary>
internal static class HelmValues
{
    /// <summary>The values. Models stand under their names, since Helm merges maps of several files and takes lists from the last alone.</summary>
    /// <param name="deployment">The deployment.</param>
    public static string Of(ModelDeployment deployment)
    {
        var manifest = YamlText.Read(Manifest.Write(deployment))!.AsObject();
        var metadata = manifest["metadata"]!.AsObject();
        var model = new JsonObject();
        foreach (var field in (string[])["namespace", "labels", "annotations"])
            if (metadata[field] is { } value) model[field] = value.DeepClone();
        model["spec"] = manifest["spec"]!.DeepClone();
        return YamlText.Write(new JsonObject { ["models"] = new JsonObject { [deployment.Metadata.Name!] = model } }) + "\n";
    }

    /// <summary>The command that installs them.</summary>
    /// <param name="deployment">The deployment.</param>
    public static string Command(ModelDeployment deployment) =>
        $"helm upgrade --install models deploy/chart/slipway-models -n {(deployment.Metadata.Namespace is { Length: > 0 } space ? space : "default")} -f {deployment.Metadata.Name}-values.yaml";
}
