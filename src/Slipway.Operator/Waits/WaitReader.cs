using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Capacity.Autoscalers;
using Slipway.Capacity.Quotas;
using Slipway.Kubernetes.Connection;
using Slipway.Runtimes.Objects;

namespace Slipway.Operator.Waits;

/// <summary>Looks up what deployments may wait for. An answer about a namespace counts for some seconds, since a hundred of its pods may change at once.</summary>
/// <param name="client">The API.</param>
/// <param name="time">The clock.</param>
internal sealed class WaitReader(KubeClient client, TimeProvider time)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_makersKept = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Namespace, string What), (DateTimeOffset At, IReadOnlyList<JsonElement>? Found)> _known = [];
    private volatile Makers? _makers;

    /// <summary>Looks up; what the API does not tell now is not known, and no reason to leave the deployment alone.</summary>
    /// <param name="ns">The deployment's namespace.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<WaitFacts> ReadAsync(string ns, WaitQuestions asked, CancellationToken cancellationToken)
    {
        try
        {
            return await LookAsync(ns, asked, cancellationToken);
        }
        catch (Exception untold) when (untold is KubeApiException or HttpRequestException)
        {
            return new WaitFacts();
        }
    }

    private async Task<WaitFacts> LookAsync(string ns, WaitQuestions asked, CancellationToken cancellationToken)
    {
        foreach (var (key, _) in _known.Where(k => time.GetUtcNow() - k.Value.At > s_makersKept)) _known.TryRemove(key, out _);
        var facts = new WaitFacts();
        if (asked.Quotas)
        {
            var quotas = await KeptAsync(ns, "resourcequotas", async () => await NamespaceReader.TryAsync(async () => await NamespaceReader.ListAsync(client, Kinds.ResourceQuotas, ns, cancellationToken)));
            facts = facts with { Quotas = quotas is null ? null : [.. quotas.Select(static q => NamespaceQuota.Read(q)).OfType<NamespaceQuota>()] };
            if (facts.Quotas is { IsEmpty: false }) facts = facts with { Classes = await NamespaceReader.ClassesAsync(client, cancellationToken) };
        }

        if (asked.Queue is not null)
        {
            // Without rights it is not known whether there is Kueue.
            IReadOnlyList<JsonElement>? unknown = null;
            var served = true;
            async Task<IReadOnlyList<JsonElement>?> ListAsync(string plural) => await KeptAsync(ns, plural, async () => await NamespaceReader.TryAsync(async () =>
            {
                var found = await KueueReader.ListAsync(client, plural, ns, cancellationToken);
                served &= found is not null;
                return found;
            }, () => unknown));
            var queues = await ListAsync("localqueues");
            var workloads = await ListAsync("workloads");
            facts = facts with
            {
                HasKueue = !served ? false : queues is null ? null : true,
                Queues = [.. (queues ?? []).Select(static q => q.Text("metadata", "name")).OfType<string>().Order(StringComparer.Ordinal)],
                Workloads = [.. workloads ?? []],
            };
        }

        if (!asked.Nodes) return facts;
        if (_makers is not { } makers || time.GetUtcNow() - makers.At > s_makersKept) _makers = makers = new Makers(time.GetUtcNow(), await NodeMakerReader.ReadAsync(client, time.GetUtcNow(), cancellationToken));
        return facts with { NodeMakers = makers.Found };
    }

    private async Task<IReadOnlyList<JsonElement>?> KeptAsync(string ns, string what, Func<Task<IReadOnlyList<JsonElement>?>> read)
    {
        if (_known.TryGetValue((ns, what), out var known) && time.GetUtcNow() - known.At < s_kept && known.Found is not null) return known.Found;
        var found = await read();
        _known[(ns, what)] = (time.GetUtcNow(), found);
        return found;
    }

    private sealed record Makers(DateTimeOffset At, ImmutableArray<NodeMaker> Found);
}
