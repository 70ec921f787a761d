using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>Where the candidate gets what it runs on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CapacityStrategy>))]
public enum CapacityStrategy
{
    /// <summary>What is free: the model as it is keeps all of its replicas. Where not enough is free, the rollout waits.</summary>
    Surge,

    /// <summary>What the model as it is gives up, as far as not enough is free: some of its replicas stop while the rollout is under way, and come back if it is turned down.</summary>
    Swap,

    /// <summary>
    /// The place of the model as it is, while both sides are judged one after the other: it answers the gates' prompts, makes way, and what the candidate answers is held against what was kept. Users get 503 in between, and the model as it is comes back if the
    /// candidate is turned down.
    /// </summary>
    ShadowOffline,
}

/// <summary>What a rollout may take up while it is under way.</summary>
[SchemaRule("!has(self.maxExtraAccelerators) || !has(self.strategy) || self.strategy == 'Surge'", "maxExtraAccelerators limits Surge; the others take what is free, and the rest from the deployment itself")]
[SchemaRule("!has(self.allowDowntime) || !self.allowDowntime || (has(self.strategy) && self.strategy != 'Surge')", "allowDowntime is of Swap and ShadowOffline: with Surge the model as it is runs on")]
public sealed record RolloutCapacity
{
    /// <summary>Where the candidate gets what it runs on.</summary>
    [SchemaDefault(CapacityStrategy.Surge)]
    public CapacityStrategy? Strategy { get; init; }

    /// <summary>The most accelerators that the candidate, and its control replica, may take beside the model as it is. A candidate that takes more is not made.</summary>
    [Range(0, 100_000)]
    public int? MaxExtraAccelerators { get; init; }

    /// <summary>
    /// How many replicas the candidate has while it is judged; as many as it declares by default, and one with Swap. It gets the others once all steps are passed, before it answers all requests.
    /// </summary>
    [Range(1, 1024)]
    public int? CandidateReplicas { get; init; }

    /// <summary>Lets the model as it is give up its last replica. From then until the candidate answers, and after a candidate that is turned down until it is back, users get 503.</summary>
    public bool? AllowDowntime { get; init; }

    /// <summary>
    /// Makes a copy of the model as it is beside the candidate, as large as the candidate and as new, which answers the same share of requests. What latency limits with a ratio refer to is then its
    /// times, and what errors are held against its errors: a new engine with cold caches and a tenth of the traffic is no match for one that has been warm for weeks.
    /// </summary>
    public bool? ControlReplica { get; init; }
}
