using System.Collections.Immutable;
using Slipway.Capacity.Quotas;

namespace Slipway.Capacity.Answers;

/// <summary>A ResourceQuota.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scopes">Which pods it counts; all when empty.</param>
/// <param name="Limits">What it limits.</param>
public sealed record QuotaAnswer(string Namespace, string Name, ImmutableArray<string> Scopes, ImmutableArray<QuotaLimit> Limits)
{
    internal static QuotaAnswer Of(NamespaceQuota quota) => new(
        quota.Namespace, quota.Name, [.. quota.Scopes.Select(static s => s.ToString())], [.. quota.Lines.Select(static l => new QuotaLimit(l.Resource, l.Hard, l.Used, l.Left, l.Say()))]);

    /// <summary>Whether it limits accelerators: a number of them, or devices of a class.</summary>
    internal static bool IsOfDevices(NamespaceQuota quota) =>
        quota.Lines.Any(static l => l.Resource.EndsWith(".deviceclass.resource.k8s.io/devices", StringComparison.Ordinal) || (l.Resource.StartsWith("requests.", StringComparison.Ordinal) && l.Resource.Contains('/', StringComparison.Ordinal)));
}

/// <summary>One limit of a quota.</summary>
/// <param name="Resource">What it limits, as the quota names it.</param>
/// <param name="Hard">The most there may be: cores, bytes, devices or objects.</param>
/// <param name="Used">What there is; null while the cluster has not counted it.</param>
/// <param name="Left">What is left; null while the cluster has not counted it.</param>
/// <param name="Says">The same in words.</param>
public sealed record QuotaLimit(string Resource, decimal Hard, decimal? Used, decimal? Left, string Says);
