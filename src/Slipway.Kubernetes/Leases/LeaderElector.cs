using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Leases;

/// <summary>Sees to it that one of several processes works at a time.</summary>
/// <remarks>
/// The rules of client-go's leaderelection, with its usual times: a lease of 15 s, tried every 2 s, given up when it could not be renewed
/// for 10 s. Expiry is judged by when this process saw the lease change, not by the other's clock.
/// </remarks>
/// <param name="client">The API.</param>
/// <param name="lease">The lease's namespace and name.</param>
/// <param name="identity">This process, unlike every other.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class LeaderElector(KubeClient client, NamespacedName lease, string identity, TimeProvider time, ILogger<LeaderElector> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();
    private Task _renewing = Task.CompletedTask;
    private Lease? _seen;
    private DateTimeOffset _seenAt;
    private DateTimeOffset _renewedAt;
    private bool _held;

    /// <summary>Cancelled once this process is no longer the one that works; it must stop then.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Waits until this process is the one, and renews from then on.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When it is the one.</returns>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        while (!await TryAsync(s_deadline, cancellationToken)) await Task.Delay(s_pause, time, cancellationToken);
        LogAcquired(identity, lease);
        _held = true;
        _renewing = Task.Run(RenewAsync, CancellationToken.None);
    }

    /// <summary>Stops renewing and gives the lease back, so that the next one need not wait for it to run out.</summary>
    /// <returns>When done.</returns>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        if (_held && !_lost.IsCancellationRequested) await ReleaseAsync();
        _stop.Dispose();
        _lost.Dispose();
    }

    private async Task RenewAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(Least(s_pause, Left()), time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stop.IsCancellationRequested) return;
            // A request without an answer must not outlast the lease: it counts as one that failed.
            if (Left() > TimeSpan.Zero && await TryAsync(Left(), _stop.Token)) continue;
            if (_stop.IsCancellationRequested) return;
            if (Left() <= TimeSpan.Zero || (_seen?.Spec.HolderIdentity is { Length: > 0 } other && other != identity))
            {
                LogLost(identity, lease);
                await _lost.CancelAsync();
                return;
            }
        }
    }

    // Counted from before the request, since nobody knows when the server took it: others count from later.
    private TimeSpan Left() => _renewedAt + s_deadline - time.GetUtcNow();

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b > TimeSpan.Zero ? b : TimeSpan.Zero;

    private async Task<bool> TryAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var current = await client.GetAsync(Lease.Resource, lease, either.Token);
            if (current is null)
            {
                Saw(await client.CreateAsync(Lease.Resource, Ours(null, now), either.Token), now);
                _renewedAt = now;
                return true;
            }

            if (current.Metadata.ResourceVersion != _seen?.Metadata.ResourceVersion) Saw(current, now);
            var free = string.IsNullOrEmpty(current.Spec.HolderIdentity) || current.Spec.HolderIdentity == identity
                || now >= _seenAt + TimeSpan.FromSeconds(current.Spec.LeaseDurationSeconds ?? s_duration.TotalSeconds);
            if (!free) return false;
            Saw(await client.ReplaceAsync(Lease.Resource, Ours(current, now), either.Token), now);
            _renewedAt = now;
            return true;
        }
        catch (Exception failure) when (failure is KubeApiException or HttpRequestException or IOException)
        {
            LogFailed(lease, failure.Message);
            return false;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(lease, "no answer in time");
            return false;
        }
    }

    private async Task ReleaseAsync()
    {
        using var late = new CancellationTokenSource(s_pause, time);
        try
        {
            if (_seen is { } mine) await client.ReplaceAsync(Lease.Resource, mine with { Spec = mine.Spec with { HolderIdentity = "", LeaseDurationSeconds = 1 } }, late.Token);
        }
        catch (Exception failure) when (failure is KubeApiException or HttpRequestException or IOException or OperationCanceledException)
        {
            LogFailed(lease, failure.Message);
        }
    }

    private void Saw(Lease current, DateTimeOffset now) => (_seen, _seenAt) = (current, now);

    private Lease Ours(Lease? before, DateTimeOffset now)
    {
        var mine = before?.Spec.HolderIdentity == identity;
        return new Lease
        {
            Metadata = new LeaseMetadata { Name = lease.Name, Namespace = lease.Namespace, ResourceVersion = before?.Metadata.ResourceVersion },
            Spec = new LeaseSpec
            {
                HolderIdentity = identity,
                LeaseDurationSeconds = (int)s_duration.TotalSeconds,
                AcquireTime = mine ? before!.Spec.AcquireTime : now,
                RenewTime = now,
                LeaseTransitions = (before?.Spec.LeaseTransitions ?? 0) + (before is null || mine ? 0 : 1),
            },
        };
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Identity} holds the lease {Lease} and works")]
    private partial void LogAcquired(string identity, NamespacedName lease);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Identity} lost the lease {Lease} and stops working")]
    private partial void LogLost(string identity, NamespacedName lease);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Lease {Lease}: {Why}; trying again")]
    private partial void LogFailed(NamespacedName lease, string why);
}
