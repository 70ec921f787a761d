using System.Collections.Immutable;

namespace Slipway.Capacity.Quotas;

/// <summary>What a limit of a quota means for something that is about to be made.</summary>
/// <param name="Quota">The quota's name.</param>
/// <param name="Line">The limit.</param>
/// <param name="Asks">What is asked for against it.</param>
/// <param name="Unsaid">Whether the quota wants pods to say how much of it they want, and they do not.</param>
public sealed record QuotaFinding(string Quota, QuotaLine Line, decimal Asks, bool Unsaid = false)
{
    /// <summary>Whether there is enough left; null while the cluster has not counted what there is.</summary>
    public bool? Fits => Line.Left is not { } left ? (Asks <= Line.Hard ? null : false) : Asks <= left;

    /// <summary>In words, as in "quota team-a: 6 of 8 devices of gpu.nvidia.com used, this asks for 4".</summary>
    public string Say() => Unsaid
        ? $"quota {Quota} wants each container to say its {Line.Resource}, and one does not: unless a LimitRange of the namespace fills it in, no pod is made"
        : $"quota {Quota}: {Line.Say()}, this asks for {Line.Amount(Asks)}";

    /// <summary>Holds what is about to be made against the quotas of its namespace.</summary>
    /// <param name="quotas">The quotas.</param>
    /// <param name="ask">What is about to be made.</param>
    /// <returns>One for each limit that counts any of it, those that do not fit first.</returns>
    public static ImmutableArray<QuotaFinding> Of(IEnumerable<NamespaceQuota> quotas, QuotaAsk ask)
    {
        ArgumentNullException.ThrowIfNull(quotas);
        ArgumentNullException.ThrowIfNull(ask);
        var found = new List<QuotaFinding>();
        foreach (var quota in quotas)
        {
            foreach (var line in quota.Lines)
            {
                var asks = ask.Amount(quota, line.Resource);
                if (asks > 0) found.Add(new QuotaFinding(quota.Name, line, asks));
                var wanted = line.Resource is "cpu" or "memory" ? $"requests.{line.Resource}" : line.Resource;
                if (ask.Covered(quota).Any(p => p.Unsaid.Contains(wanted))) found.Add(new QuotaFinding(quota.Name, line, asks, Unsaid: true));
            }
        }

        return [.. found.OrderBy(static f => f.Fits is false ? 0 : f.Unsaid ? 1 : 2).ThenBy(static f => f.Quota, StringComparer.Ordinal)];
    }
}
