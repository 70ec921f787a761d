using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments.Accelerators;

namespace Slipway.Runtimes.Accelerators;

/// <summary>What pods are given for the accelerators that a manifest asks for.</summary>
/// <param name="Claim">The spec of the ResourceClaim (`resource.k8s.io/v1`); null where a resource is counted instead, or a claim of the user's own is shared.</param>
/// <param name="Resource">The extended resource; null where there is a claim.</param>
public sealed record AcceleratorAsk(JsonObject? Claim, string? Resource)
{
    /// <summary>Reads it.</summary>
    /// <param name="asked">What the manifest asks for.</param>
    public static AcceleratorAsk Of(AcceleratorsSpec asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        if (asked.ResourceClaimName is not null) return new(null, null);
        return DeviceClasses.Claims(asked) ? new(DeviceClaims.Spec(asked), null) : new(null, DeviceClasses.Resource(DeviceClasses.Of(asked)));
    }
}
