using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation.Scheduling;

/// <summary>Decides and writes whenever something has changed that may let a pod get a node.</summary>
internal sealed partial class SchedulerLoop : IAsyncDisposable
{
    // Pods of one workload come one after the other: they are looked at together.
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(1);

    private readonly ClusterCache _cache;
    private readonly ScheduleWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(1);
    private Task _run = Task.CompletedTask;

    public SchedulerLoop(ClusterCache cache, ScheduleWriter writer, TimeProvider time, ILogger<SchedulerLoop> logger)
    {
        (_cache, _writer, _time, _logger) = (cache, writer, time, logger);
        foreach (var kind in new[] { Kinds.Nodes, Kinds.Pods, Kinds.Volumes, Kinds.Groups, Kinds.Claims, Kinds.Slices, Kinds.Classes }) cache[kind].Changed += Look;
    }

    public void Start() => _run = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _changed.Dispose();
    }

    private void Look(NamespacedName key)
    {
        lock (_stop)
        {
            if (!_stop.IsCancellationRequested && _changed.CurrentCount == 0) _changed.Release();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await _changed.WaitAsync(_stop.Token);
                await Task.Delay(s_gather, _time, _stop.Token);
                if (await PassAsync()) continue;
                await Task.Delay(s_afterFailure, _time, _stop.Token);
                Look(default);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop: what is decided but not written is decided anew at the next start.
        }
    }

    private async Task<bool> PassAsync()
    {
        try
        {
            await _writer.WriteAsync(Scheduler.Decide(_cache.Snapshot()), _stop.Token);
            return true;
        }
        catch (KubeApiException conflict) when (conflict.IsConflict)
        {
            return false;
        }
#pragma warning disable CA1031 // Whatever it is: pods of tomorrow want nodes, too.
        catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFailed(failure);
            return false;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The simulated scheduler could not write what it decided; trying again")]
    private partial void LogFailed(Exception failure);
}
