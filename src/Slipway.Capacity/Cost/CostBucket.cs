using System.Collections.Immutable;

namespace Slipway.Capacity.Cost;

/// <summary>What an hour or a day cost.</summary>
/// <param name="Start">Its start, UTC.</param>
/// <param name="Seen">How much of it was watched: while Slipway did not run, nothing is known, and nothing is made up.</param>
/// <param name="ByNamespace">What pods took, by namespace; beyond the first 200 of a bucket under <c>(others)</c>.</param>
/// <param name="Idle">What nobody took.</param>
public sealed record CostBucket(DateTimeOffset Start, TimeSpan Seen, ImmutableSortedDictionary<string, CostSum> ByNamespace, CostSum Idle)
{
    /// <summary>Where costs of namespaces go that a bucket has no room for.</summary>
    public const string Others = "(others)";

    private const int MaxNamespaces = 200;

    /// <summary>With a stretch of time more.</summary>
    internal CostBucket Plus(TimeSpan time, ClusterCost cost)
    {
        var hours = (decimal)time.TotalHours;
        var spaces = ByNamespace.ToBuilder();
        foreach (var (name, perHour) in cost.ByNamespace)
        {
            var key = spaces.ContainsKey(name) || spaces.Count < MaxNamespaces ? name : Others;
            spaces[key] = spaces.GetValueOrDefault(key, CostSum.Zero).Plus(perHour.Times(hours));
        }

        return this with { Seen = Seen + time, ByNamespace = spaces.ToImmutable(), Idle = Idle.Plus(cost.Idle.Times(hours)) };
    }
}
