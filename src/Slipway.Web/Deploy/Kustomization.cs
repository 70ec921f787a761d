using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Web.Manifests;

namespace Slipway.Web.Deploy;

/// <summary>A deployment as a base of Kustomize: the manifest, and a file that names it. Pure.</summary>
internal static class Kustomization
{
    /// <summary>The manifest without its namespace: that is for the kustomization to say, so that an overlay may say another.</summary>
    public static string Resource(ModelDeployment deployment) => Manifest.Write(deployment with { Metadata = deployment.Metadata with { Namespace = null } });

    /// <summary>The name of the manifest's file.</summary>
    public static string FileName(ModelDeployment deployment) => $"{deployment.Metadata.Name}.yaml";

    /// <summary>The file <c>kustomization.yaml</c> (kustomize.config.k8s.io/v1beta1).</summary>
    public static string Of(ModelDeployment deployment) => YamlText.Write(new JsonObject
    {
        ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
        ["kind"] = "Kustomization",
        ["namespace"] = deployment.Metadata.Namespace is { Length: > 0 } space ? space : "default",
        // Labels without selectors: those of objects that exist cannot be changed.
        ["labels"] = new JsonArray(new JsonObject { ["pairs"] = new JsonObject { ["app.kubernetes.io/name"] = deployment.Metadata.Name, ["app.kubernetes.io/component"] = "model" } }),
        ["resources"] = new JsonArray(FileName(deployment)),
    }) + "\n";

    /// <summary>Both files in a folder, as a ZIP.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="made">The files' time.</param>
    public static byte[] Zip(ModelDeployment deployment, DateTimeOffset made)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach (var (name, text) in new[] { ("kustomization.yaml", Of(deployment)), (FileName(deployment), Resource(deployment)) })
            {
                var entry = zip.CreateEntry($"{deployment.Metadata.Name}/{name}");
                // A ZIP knows no time before 1980, which is where a machine without a clock begins.
                if (made.Year >= 1980) entry.LastWriteTime = made;
                using var file = entry.Open();
                file.Write(Encoding.UTF8.GetBytes(text));
            }
        }

        return bytes.ToArray();
    }
}
