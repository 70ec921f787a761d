using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Quotas;

/// <summary>A ResourceQuota (`v1`): how much the objects of a namespace may ask for, and how much they do.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The quota's name.</param>
/// <param name="Scopes">Which pods it counts: those that all of these cover; all pods, and all other objects, when empty.</param>
/// <param name="Lines">What it limits.</param>
public sealed record NamespaceQuota(string Namespace, string Name, ImmutableArray<QuotaScope> Scopes, ImmutableArray<QuotaLine> Lines)
{
    /// <summary>Reads an object.</summary>
    /// <param name="quota">The ResourceQuota.</param>
    /// <returns>The quota; null when the object has no name.</returns>
    public static NamespaceQuota? Read(JsonElement quota)
    {
        var name = quota.Text("metadata", "name");
        if (name.Length == 0) return null;
        var lines = ImmutableArray.CreateBuilder<QuotaLine>();
        if (quota.At("spec", "hard") is { ValueKind: JsonValueKind.Object } hard)
        {
            foreach (var limit in hard.EnumerateObject())
            {
                var used = quota.At("status", "used", limit.Name);
                lines.Add(new QuotaLine(limit.Name, QuantityReader.Amount(limit.Value), used.ValueKind is JsonValueKind.Undefined ? null : QuantityReader.Amount(used)));
            }
        }

        return new NamespaceQuota(quota.Text("metadata", "namespace"), name, QuotaScope.Read(quota.At("spec")), [.. lines.OrderBy(static l => l.Resource, StringComparer.Ordinal)]);
    }
}
