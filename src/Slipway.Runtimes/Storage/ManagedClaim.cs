using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes.Storage;

/// <summary>The claim that Slipway makes for a volume with a size.</summary>
public static class ManagedClaim
{
    /// <summary>How a claim may be mounted when the manifest does not say: by many nodes, as the shared API fills it in.</summary>
    /// <param name="volume">The volume.</param>
    /// <returns>The access mode.</returns>
    public static string AccessMode(StorageVolume volume)
    {
        ArgumentNullException.ThrowIfNull(volume);
        return (volume.AccessMode ?? VolumeAccessMode.ReadWriteMany).ToString();
    }

    /// <summary>Renders the claim.</summary>
    /// <param name="deployment">The deployment, which owns the claim.</param>
    /// <param name="volume">A volume of it that has a size.</param>
    /// <returns>The claim, without its owner.</returns>
    public static JsonObject Render(ModelDeployment deployment, StorageVolume volume)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(volume);
        var claim = Rendered.Start(deployment, "v1", StorageKinds.Claim.Kind);
        claim["metadata"]!["name"] = PodParts.ClaimName(deployment, volume);
        var spec = new JsonObject
        {
            ["accessModes"] = new JsonArray(AccessMode(volume)),
            ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = volume.Size?.Text } },
        };
        // Absent and empty are not the same: the default class, and none at all.
        if (volume.StorageClassName is { } name) spec["storageClassName"] = name;
        claim["spec"] = spec;
        return claim;
    }
}
