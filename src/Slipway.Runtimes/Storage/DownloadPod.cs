using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Storage;

/// <summary>The pod of a download: as little as fetching takes, within the restricted pod security standard.</summary>
internal static class DownloadPod
{
    public const string Container = "download";

    public static JsonObject Render(ModelDeployment deployment, StorageVolume volume, string image, string script, bool oneNode)
    {
        // The user's variables are passed on whole: proxies, certificates and HF_ENDPOINT are among them.
        var env = PodParts.Env(deployment);
        var model = deployment.Spec.Model;
        foreach (var (name, value) in new[] { ("SLIPWAY_MODEL", model.Id), ("SLIPWAY_REVISION", model.Revision), ("SLIPWAY_FILES", ModelDownload.Files(model)), ("HOME", "/tmp") })
        {
            if (value is not null && !env.Any(e => (string?)e!["name"] == name)) env.Add(new JsonObject { ["name"] = name, ["value"] = value });
        }

        var container = new JsonObject
        {
            ["name"] = Container,
            ["image"] = image,
            ["command"] = new JsonArray("python3", "-c", script),
            ["env"] = env,
            // The shared API's; memory is for what is in flight, which grows with the number of parallel parts.
            ["resources"] = new JsonObject
            {
                ["requests"] = new JsonObject { ["cpu"] = "500m", ["memory"] = "2Gi" },
                ["limits"] = new JsonObject { ["memory"] = "16Gi" },
            },
            ["securityContext"] = new JsonObject { ["allowPrivilegeEscalation"] = false, ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") } },
            ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = volume.Name, ["mountPath"] = PodParts.MountPath(volume) }),
            // Also when it was stopped before it could write any.
            ["terminationMessagePolicy"] = "FallbackToLogsOnError",
        };
        var spec = new JsonObject
        {
            // A failed pod stays, with its last words.
            ["restartPolicy"] = "Never",
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            // Group 0: engines run as root without the right to write what belongs to others, or as a user who is put into the volume's group.
            ["securityContext"] = new JsonObject
            {
                ["runAsNonRoot"] = true,
                ["runAsUser"] = 1000,
                ["runAsGroup"] = 0,
                ["fsGroup"] = 0,
                ["fsGroupChangePolicy"] = "OnRootMismatch",
                ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
            },
            ["containers"] = new JsonArray(container),
            ["volumes"] = new JsonArray(new JsonObject
            {
                ["name"] = volume.Name,
                ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = PodParts.ClaimName(deployment, volume) },
            }),
        };
        // Where engines may run, so that a volume that is made for its first user is made where they can reach it.
        PodParts.Place(deployment, spec);
        spec.Remove("topologySpreadConstraints");
        if (oneNode && spec["affinity"] is null) spec["affinity"] = BesideEngines(deployment);
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["airunway.ai/managed-by"] = "slipway", [StorageKinds.DownloadLabel] = deployment.Metadata.Name } },
            ["spec"] = spec,
        };
    }

    // A volume for one node that is in use can be mounted on that node only, which the scheduler does not know.
    private static JsonObject BesideEngines(ModelDeployment deployment) => new()
    {
        ["podAffinity"] = new JsonObject
        {
            ["preferredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(new JsonObject
            {
                ["weight"] = 100,
                ["podAffinityTerm"] = new JsonObject
                {
                    ["topologyKey"] = "kubernetes.io/hostname",
                    ["labelSelector"] = new JsonObject { ["matchLabels"] = new JsonObject { [RuntimeDescriptor.DeploymentLabel] = deployment.Metadata.Name } },
                },
            }),
        },
    };
}
