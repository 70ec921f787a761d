using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Inventory.Kubernetes;

namespace Slipway.Capacity.Quotas;

/// <summary>Which pods a quota counts. Other objects, claims of devices among them, are counted by no quota that has scopes.</summary>
/// <param name="Name">Such as <c>PriorityClass</c> or <c>NotTerminating</c>.</param>
/// <param name="Operator">In, NotIn, Exists or DoesNotExist.</param>
/// <param name="Values">Names of priority classes, for In and NotIn.</param>
/// <remarks><see href="https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes"/>.</remarks>
public sealed record QuotaScope(string Name, string Operator, ImmutableArray<string> Values)
{
    /// <summary>Reads the scopes of a quota's spec.</summary>
    internal static ImmutableArray<QuotaScope> Read(JsonElement spec) =>
    [
        .. spec.Items("scopes").Where(static s => s.ValueKind is JsonValueKind.String).Select(static s => new QuotaScope(s.GetString()!, "Exists", [])),
        .. spec.At("scopeSelector").Items("matchExpressions").Select(static e => new QuotaScope(
            e.Text("scopeName"), e.Text("operator"), [.. e.Items("values").Where(static v => v.ValueKind is JsonValueKind.String).Select(static v => v.GetString()!)])),
    ];

    /// <summary>Whether it covers a pod.</summary>
    /// <param name="pod">The pod. The cluster's default priority class, which a pod without one gets, is not known here.</param>
    public bool Covers(PodAsk pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        return Name switch
        {
            "Terminating" => pod.HasDeadline,
            "NotTerminating" => !pod.HasDeadline,
            "BestEffort" => pod.IsBestEffort,
            "NotBestEffort" => !pod.IsBestEffort,
            "CrossNamespacePodAffinity" => pod.LooksElsewhere,
            "PriorityClass" => Operator switch
            {
                "In" => pod.PriorityClass is { } its && Values.Contains(its),
                "NotIn" => pod.PriorityClass is not { } its || !Values.Contains(its),
                "DoesNotExist" => pod.PriorityClass is null,
                _ => pod.PriorityClass is not null,
            },
            _ => false,
        };
    }

    /// <summary>The scope in words.</summary>
    public override string ToString() => Values.IsEmpty ? (Operator is "DoesNotExist" ? $"no {Name}" : Name) : $"{Name} {(Operator is "NotIn" ? "not in" : "in")} {string.Join(", ", Values)}";
}
