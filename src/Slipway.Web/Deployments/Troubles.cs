using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;

namespace Slipway.Web.Deployments;

/// <summary>What stands in the way of a deployment, each thing once, the gravest first. Pure.</summary>
internal static class Troubles
{
    // Ready repeats what another condition says; progress under way is no trouble.
    private static readonly string[] s_onTheWay = ["Downloading", "Resolving", "Retrying", "Installing", "Starting", "Deploying", "Pending", "ScaledToZero", "Replacing", "NotGatewayReady", "RoutePending"];

    public static IReadOnlyList<Condition> Of(ModelDeployment deployment)
    {
        var conditions = deployment.Status?.Conditions ?? [];
        return [.. conditions
            .Where(static c => c is { Type: ConditionTypes.Degraded } ? c.Status is ConditionStatus.True : c.Status is ConditionStatus.False)
            .Where(c => !s_onTheWay.Contains(c.Reason, StringComparer.Ordinal))
            // Consequences of something else come after it.
            .OrderBy(static c => c.Type is ConditionTypes.Ready or ConditionTypes.GatewayReady)
            .DistinctBy(static c => c.Message)];
    }
}
