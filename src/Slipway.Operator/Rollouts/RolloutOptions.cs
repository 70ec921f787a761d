using Slipway.Operator.Rollouts.Decisions;

namespace Slipway.Operator.Rollouts;

/// <summary>What rollouts need beside the API: a gateway that goes by their weights.</summary>
/// <param name="Gateway">Where both sides are asked.</param>
/// <param name="Traffic">What the gateway saw of users' requests.</param>
/// <param name="EvidenceFolder">Where every graded pair is kept.</param>
public sealed record RolloutOptions(Uri Gateway, IRolloutTraffic Traffic, string EvidenceFolder)
{
    /// <summary>The header by which the gateway is told who is to answer.</summary>
    public required string DeploymentHeader { get; init; }

    /// <summary>Keeps a signed record of each decision; nobody does when null.</summary>
    public DecisionFiles? Decisions { get; init; }
}
