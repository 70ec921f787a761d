using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Operator.Upstream;
using Slipway.Runtimes;

namespace Slipway.Operator.Providers;

/// <summary>Makes the runtimes of this process known, says whether the cluster has what they need, and once a minute that they are still there.</summary>
/// <param name="client">The API.</param>
/// <param name="runtimes">The runtimes.</param>
/// <param name="watches">What the cluster serves.</param>
/// <param name="version">The version of this process.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class ProviderRegistration(
    KubeClient client, IReadOnlyList<IRuntime> runtimes, RuntimeWatches watches, string version, TimeProvider time, ILogger<ProviderRegistration> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMinutes(1);

    // After three minutes of silence a runtime is no longer chosen: a few misses in a row must not make one.
    private static readonly TimeSpan s_afterMiss = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, IReadOnlyList<Condition>> _conditions = new(StringComparer.Ordinal);
    private TaskCompletionSource _now = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _beating = Task.CompletedTask;

    /// <summary>Makes the runtimes known and begins to beat.</summary>
    /// <param name="cancellationToken">Stops the first registration.</param>
    /// <returns>When all are known.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var runtime in runtimes) await RegisterAsync(runtime.Descriptor, cancellationToken);
        await BeatAsync(cancellationToken);
        watches.ApisChanged += OnApis;
        _beating = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        watches.ApisChanged -= OnApis;
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
    }

    private void OnApis() => _now.TrySetResult();

    private async Task RunAsync()
    {
        try
        {
            var pause = s_heartbeat;
            while (!_stop.IsCancellationRequested)
            {
                await Task.WhenAny(_now.Task, Task.Delay(pause, time, _stop.Token)).WaitAsync(_stop.Token);
                _now = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                pause = await BeatAsync(_stop.Token) ? s_heartbeat : s_afterMiss;
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private Task RegisterAsync(RuntimeDescriptor runtime, CancellationToken cancellationToken)
    {
        var registration = new InferenceProviderConfig
        {
            Metadata = new ObjectMeta
            {
                Name = runtime.Name,
                Annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
                {
                    ["airunway.ai/display-name"] = runtime.DisplayName,
                    ["airunway.ai/description"] = runtime.Description,
                },
            },
            Spec = runtime.Spec,
        };
        return client.ApplyAsync(Kinds.Providers, registration, "slipway", cancellationToken);
    }

    // Whether all were written.
    private async Task<bool> BeatAsync(CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var runtime in runtimes)
        {
            var status = Status(runtime.Descriptor);
            var patch = new JsonObject { ["status"] = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.InferenceProviderStatus) };
            try
            {
                await client.MergePatchAsync(
                    Kinds.Providers, new NamespacedName("", runtime.Descriptor.Name), patch, "slipway", cancellationToken, "status");
            }
            catch (Exception failure) when (failure is KubeApiException or HttpRequestException or IOException)
            {
                all = false;
                LogMissed(runtime.Descriptor.Name, failure.Message);
            }
        }

        return all;
    }

    private InferenceProviderStatus Status(RuntimeDescriptor runtime)
    {
        var served = watches.Apis.Version(runtime.Object);
        var conditions = new ConditionSet(_conditions.GetValueOrDefault(runtime.Name), null, time.GetUtcNow());
        if (served is not null) conditions.True("UpstreamReady", "Served", $"The cluster serves {runtime.Object.Kind} {served}");
        else conditions.False("UpstreamReady", "NotInstalled", NotInstalled(runtime));
        _conditions[runtime.Name] = conditions.Conditions;
        return new InferenceProviderStatus
        {
            Ready = served is not null,
            Version = version,
            LastHeartbeat = time.GetUtcNow(),
            UpstreamCRDVersion = runtime.Object.IsCustom ? served : null,
            Conditions = conditions.Conditions,
        };
    }

    private static string NotInstalled(RuntimeDescriptor runtime) =>
        $"The cluster serves no {runtime.Object.Kind} of {runtime.Object.Group}"
        + (runtime.Install is { } install ? $": install {runtime.DisplayName} {install.Version} ({install.Documentation})" : "");

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Heartbeat of runtime {Runtime} was not written: {Why}")]
    private partial void LogMissed(string runtime, string why);
}
