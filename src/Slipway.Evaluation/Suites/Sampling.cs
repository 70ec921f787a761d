using System.Collections.Immutable;
using Slipway.Evaluation.Statistics;

namespace Slipway.Evaluation.Suites;

/// <summary>Draws the prompts that are asked, and the order in which they are: tests that are looked at all the time rest on an order that chance made.</summary>
public static class Sampling
{
    /// <summary>Draws.</summary>
    /// <param name="suite">The suite.</param>
    /// <param name="seed">The seed; whoever has it and the suite draws the same.</param>
    /// <param name="most">Most prompts; null for all. Strata keep their shares, and clusters are drawn whole while there is room.</param>
    public static ImmutableArray<Prompt> Draw(EvaluationSuite suite, ulong seed, int? most = null)
    {
        ArgumentNullException.ThrowIfNull(suite);
        var random = new SeededRandom(seed);
        var clusters = suite.Prompts.GroupBy(static p => p.Cluster, StringComparer.Ordinal).Select(static g => g.ToImmutableArray()).ToArray();
        random.Shuffle<ImmutableArray<Prompt>>(clusters);
        if (most is not { } limit || limit >= suite.Prompts.Length) return [.. clusters.SelectMany(static c => c)];

        // Each cluster is put where its stratum is due: the n-th of a stratum with share s comes at n / s, so that any beginning of the order has all strata in their shares.
        var sizes = clusters.GroupBy(static c => c[0].Stratum, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var due = clusters.Select((c, i) =>
        {
            var nth = seen[c[0].Stratum] = seen.GetValueOrDefault(c[0].Stratum) + 1;
            return (Cluster: c, At: (nth - 0.5) / sizes[c[0].Stratum], Index: i);
        });
        var drawn = new List<ImmutableArray<Prompt>>();
        var room = limit;
        foreach (var (cluster, _, _) in due.OrderBy(static d => d.At).ThenBy(static d => d.Index))
        {
            if (cluster.Length > room) continue;
            drawn.Add(cluster);
            room -= cluster.Length;
        }

        var order = drawn.ToArray();
        random.Shuffle<ImmutableArray<Prompt>>(order);
        return [.. order.SelectMany(static c => c)];
    }

    /// <summary>The units that count once: clusters, in the order drawn.</summary>
    /// <param name="prompts">The prompts drawn.</param>
    /// <param name="repeats">How often each prompt is asked; a unit's score is the mean of all.</param>
    public static ImmutableArray<ImmutableArray<Prompt>> Units(ImmutableArray<Prompt> prompts, int repeats = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        return [.. prompts.GroupBy(static p => p.Cluster, StringComparer.Ordinal).Select(g => Enumerable.Repeat(g, repeats).SelectMany(static p => p).ToImmutableArray())];
    }
}
