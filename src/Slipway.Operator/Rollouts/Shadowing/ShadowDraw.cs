using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Suites;

namespace Slipway.Operator.Rollouts.Shadowing;

/// <summary>Recorded requests that count once.</summary>
/// <param name="Position">Its place in the order.</param>
/// <param name="Requests">The requests.</param>
internal sealed record ShadowUnit(string Position, ImmutableArray<(Prompt Prompt, RecordedRequest Recorded)> Requests);

/// <summary>Draws recorded requests. Recordings come and go, so that each conversation has its place by its own name and the seed, whatever else is there: what is behind a place is never asked twice.</summary>
/// <param name="Units">The conversations, in order.</param>
/// <param name="LeftOut">Recordings of the deployment that cannot be asked again.</param>
internal sealed record ShadowDraw(ImmutableArray<ShadowUnit> Units, long LeftOut)
{
    /// <summary>Draws.</summary>
    /// <param name="lines">The recordings.</param>
    /// <param name="deployment">Whose answers are wanted, as namespace/name.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="most">Requests after which no further conversation is begun.</param>
    /// <param name="after">The place that is behind it; null for none.</param>
    /// <param name="graders">Who grades.</param>
    public static ShadowDraw Of(IEnumerable<string> lines, string deployment, long seed, long most, string? after, ImmutableArray<GraderUse> graders)
    {
        var (units, requests, leftOut) = (new SortedList<string, List<(Prompt, RecordedRequest)>>(StringComparer.Ordinal), 0L, 0L);
        foreach (var line in lines)
        {
            var recorded = RecordedRequest.Read(line, deployment, out var mine);
            if (!mine) continue;
            if (recorded is null || UserKey.Of(graders, recorded.Answer) is not { } keyed)
            {
                leftOut++;
                continue;
            }

            var position = Position(seed, recorded);
            if (string.CompareOrdinal(position, after) <= 0) continue;
            if (!units.TryGetValue(position, out var unit)) units[position] = unit = [];
            unit.Add((new Prompt(recorded.Id, recorded.Messages) { Body = recorded.Body, Cluster = recorded.Session ?? recorded.Id, Graders = keyed }, recorded));
            requests++;
            // No more is held than is asked: there may be hundreds of megabytes of them.
            while (units.Count > 0 && requests - units.Values[^1].Count >= most)
            {
                requests -= units.Values[^1].Count;
                units.RemoveAt(units.Count - 1);
            }
        }

        return new ShadowDraw([.. units.Select(static u => new ShadowUnit(u.Key, [.. u.Value]))], leftOut);
    }

    private static string Position(long seed, RecordedRequest recorded) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{recorded.Session ?? recorded.Id}")).AsSpan(0, 8));
}
