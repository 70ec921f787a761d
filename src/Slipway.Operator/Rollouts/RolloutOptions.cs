using Slipway.Capacity.Prices;
using Slipway.Operator.Rollouts.Decisions;
using Slipway.Operator.Rollouts.Shadowing;
using Slipway.Operator.Rollouts.Sides;
using Slipway.Operator.Rollouts.Traffic;

namespace Slipway.Operator.Rollouts;

/// <summary>What rollouts need beside the API.</summary>
/// <param name="EvidenceFolder">Where every graded pair is kept.</param>
public sealed record RolloutOptions(string EvidenceFolder)
{
    /// <summary>Slipway's own gateway, which divides the traffic and counts it; in a cluster routes do the one, and engines the other.</summary>
    public (IRolloutSides Sides, IRolloutTraffic Traffic)? Gateway { get; init; }

    /// <summary>What namespaces have recorded of users' requests; nothing is where null.</summary>
    public IRecordedTraffic? Recordings { get; init; }

    /// <summary>The way to a cluster's Services; sockets when null.</summary>
    public HttpMessageHandler? Services { get; init; }

    /// <summary>The key that decisions are signed with; none is when null.</summary>
    public IDecisionKey? DecisionKey { get; init; }

    /// <summary>Whether what gates found is kept as objects, since the folder may be lost and others cannot look into it.</summary>
    public bool KeepsPairs { get; init; }

    /// <summary>Reads what machines cost, for rollouts that may spend so much money; the bundled lists by default.</summary>
    public Func<Task<PriceBook>> Prices { get; init; } = static () => Task.FromResult(PriceBook.Bundled);
}
