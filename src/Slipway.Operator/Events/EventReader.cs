using System.Collections.Concurrent;
using System.Net;
using Slipway.Api.Meta;
using Slipway.Kubernetes.Connection;

namespace Slipway.Operator.Events;

/// <summary>Reads the events of a namespace that give one reason. They are asked for when they matter, since a watch of all events would carry everybody's.</summary>
/// <param name="client">The API.</param>
/// <param name="time">The clock.</param>
/// <remarks>Events of `core` and `events.k8s.io` are the same objects: a list of the first has those that were written as the second.</remarks>
public sealed class EventReader(KubeClient client, TimeProvider time)
{
    /// <summary>How long an answer serves all deployments of a namespace.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Namespace, string Reason), (DateTimeOffset At, IReadOnlyList<KubernetesEvent> Events)> _read = [];

    /// <summary>Reads them.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="reason">The reason, such as `FailedResourceClaimCreation`.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The events; none where they may not be read or the API does not answer, since what they say is only told further.</returns>
    public async Task<IReadOnlyList<KubernetesEvent>> ReadAsync(string ns, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (_read.TryGetValue((ns, reason), out var last) && now - last.At < Fresh) return last.Events;
        IReadOnlyList<KubernetesEvent> events;
        try
        {
            events = await client.ListAsync(Kinds.Events, ns, cancellationToken, $"fieldSelector={Uri.EscapeDataString($"reason={reason}")}");
        }
        catch (KubeApiException refused) when (refused.Code is HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests)
        {
            events = [];
        }
        catch (HttpRequestException)
        {
            events = last.Events ?? [];
        }

        foreach (var old in _read.Where(r => now - r.Value.At >= Fresh).Select(static r => r.Key)) _read.TryRemove(old, out _);
        _read[(ns, reason)] = (now, events);
        return events;
    }
}
