using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Kubernetes.Queues;

namespace Slipway.Kubernetes.Controllers;

/// <summary>What a pass over an object leaves to do.</summary>
/// <param name="After">Look again after this long; never, without a change, when absent.</param>
public readonly record struct ReconcileResult(TimeSpan? After)
{
    /// <summary>Nothing, until something changes.</summary>
    public static ReconcileResult Done => default;
}

/// <summary>Runs a reconciler over keys as they come, one at a time for each key.</summary>
public sealed partial class Controller : IAsyncDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Slipway.Kubernetes";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram<double>("slipway.reconcile.duration", "s", "How long one pass over an object took.");

    private readonly string _name;
    private readonly Func<NamespacedName, CancellationToken, Task<ReconcileResult>> _reconcile;
    private readonly ILogger _logger;
    private readonly WorkQueue<NamespacedName> _queue;
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <summary>Initializes a new instance; <see cref="Start"/> begins to work.</summary>
    /// <param name="name">The controller's name, for the log.</param>
    /// <param name="reconcile">One pass over the object of a key, which may be gone.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public Controller(
        string name, Func<NamespacedName, CancellationToken, Task<ReconcileResult>> reconcile, TimeProvider time, ILogger<Controller> logger)
    {
        _name = name;
        _reconcile = reconcile;
        _logger = logger;
        _queue = new WorkQueue<NamespacedName>(time);
    }

    /// <summary>Asks for a pass over an object.</summary>
    /// <param name="key">Which.</param>
    public void Enqueue(NamespacedName key) => _queue.Add(key);

    /// <summary>Begins to work.</summary>
    /// <param name="workers">How many keys are worked on at a time.</param>
    public void Start(int workers = 2) =>
        _run = Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync)));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _queue.Dispose();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            NamespacedName key;
            try
            {
                key = await _queue.TakeAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await PassAsync(key);
        }
    }

    private async Task PassAsync(NamespacedName key)
    {
        var (began, outcome) = (Stopwatch.GetTimestamp(), "error");
        try
        {
            var result = await _reconcile(key, _stop.Token);
            _queue.Forget(key);
            if (result.After is { } delay) _queue.AddAfter(key, delay);
            outcome = "success";
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            outcome = "stopped";
            // Stopping: the next start looks at every object anyway.
        }
        catch (KubeApiException conflict) when (conflict.IsConflict)
        {
            outcome = "conflict";
            LogConflict(_name, key);
            _queue.Fail(key);
        }
        catch (KubeApiException busy) when (busy.RetryAfter is { } wait)
        {
            outcome = "busy";
            LogBusy(_name, key, wait.TotalSeconds);
            _queue.AddAfter(key, wait);
        }
#pragma warning disable CA1031 // One object's trouble, whatever it is, must not stop the work on the others.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogFailure(_name, key, failure);
            _queue.Fail(key);
        }
        finally
        {
            _queue.Done(key);
            s_duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new("controller", _name), new KeyValuePair<string, object?>("result", outcome));
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "{Controller}: {Key} changed in between; trying again")]
    private partial void LogConflict(string controller, NamespacedName key);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "{Controller}: the API is busy; {Key} waits {Seconds} s as it asks")]
    private partial void LogBusy(string controller, NamespacedName key, double seconds);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Controller}: {Key} failed; trying again")]
    private partial void LogFailure(string controller, NamespacedName key, Exception failure);
}
