using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Slipway.Capacity.Queues;
using Slipway.Capacity.Quotas;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Waits;

/// <summary>Reads what limits the models of a namespace, with the rights of whoever asks.</summary>
public static class NamespaceReader
{
    /// <summary>Reads quotas, queues and what stands for DeviceClasses.</summary>
    /// <param name="client">The API.</param>
    /// <param name="ns">The namespace; all of them when null.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What there is; what may not be read is named.</returns>
    public static async Task<NamespaceLimits> ReadAsync(KubeClient client, string? ns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var unread = ImmutableArray.CreateBuilder<string>();
        var where = ns is null ? "the cluster" : $"namespace {ns}";
        var quotas = await TryAsync(async () => await ListAsync(client, Kinds.ResourceQuotas, ns, cancellationToken)) ?? Unread(unread, $"the quotas of {where}");
        var local = await TryAsync(async () => await KueueReader.ListAsync(client, "localqueues", ns, cancellationToken) ?? [], () => Unread(unread, $"the queues of {where}"));
        var cluster = local is { Count: > 0 } ? await TryAsync(async () => await KueueReader.ListAsync(client, "clusterqueues", null, cancellationToken)) ?? [] : [];
        var classes = await ClassesAsync(client, cancellationToken);
        return new NamespaceLimits(
            [.. quotas.Select(static q => NamespaceQuota.Read(q)).OfType<NamespaceQuota>().OrderBy(static q => q.Namespace, StringComparer.Ordinal).ThenBy(static q => q.Name, StringComparer.Ordinal)],
            [.. (local ?? []).Select(q => NamespaceQueue.Read(q, cluster.FirstOrDefault(c => c.Text("metadata", "name") == q.Text("spec", "clusterQueue")))).OrderBy(static q => (q.Namespace, q.Name))],
            classes,
            unread.ToImmutable());
    }

    /// <summary>Reads what limits all namespaces, or, for whoever may not list them all, some.</summary>
    /// <param name="client">The API.</param>
    /// <param name="some">The namespaces to read where not all may be.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What there is; what may not be read is named.</returns>
    public static async Task<NamespaceLimits> ReadAllAsync(KubeClient client, IEnumerable<string> some, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(some);
        var all = await ReadAsync(client, null, cancellationToken);
        if (all.Unread.IsEmpty) return all;
        var sum = all with { Quotas = [], Queues = [], Unread = [] };
        foreach (var ns in some)
        {
            var one = await ReadAsync(client, ns, cancellationToken);
            sum = sum with { Quotas = [.. sum.Quotas, .. one.Quotas], Queues = [.. sum.Queues, .. one.Queues], Unread = [.. sum.Unread, .. one.Unread] };
        }

        return sum;
    }

    /// <summary>The extended resources that stand for DeviceClasses; none where they may not be read.</summary>
    /// <param name="client">The API.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static async Task<ImmutableDictionary<string, string>> ClassesAsync(KubeClient client, CancellationToken cancellationToken) =>
        (await TryAsync(async () => await ListAsync(client, Kinds.DeviceClasses, null, cancellationToken)) ?? [])
            .Where(static c => c.Text("spec", "extendedResourceName") is not null && c.Text("metadata", "name") is not null)
            .ToImmutableDictionary(static c => c.Text("metadata", "name")!, static c => c.Text("spec", "extendedResourceName")!, StringComparer.Ordinal);

    /// <summary>Lists a kind.</summary>
    internal static async Task<IReadOnlyList<JsonElement>> ListAsync(KubeClient client, Resource<CachedObject> resource, string? ns, CancellationToken cancellationToken) =>
        [.. (await client.ListAsync(resource, ns, cancellationToken)).Select(static o => o.Json)];

    /// <summary>What is read; null where there is no such kind, or it may not be read.</summary>
    internal static async Task<IReadOnlyList<JsonElement>?> TryAsync(Func<Task<IReadOnlyList<JsonElement>?>> read, Func<IReadOnlyList<JsonElement>?>? refused = null)
    {
        try
        {
            return await read();
        }
        catch (KubeApiException absent) when (absent.Code is HttpStatusCode.NotFound)
        {
            return [];
        }
        catch (KubeApiException forbidden) when (forbidden.Code is HttpStatusCode.Forbidden)
        {
            return refused?.Invoke();
        }
    }

    private static IReadOnlyList<JsonElement> Unread(ImmutableArray<string>.Builder unread, string what)
    {
        unread.Add($"{what} may not be read, so that they are not reckoned with");
        return [];
    }
}
