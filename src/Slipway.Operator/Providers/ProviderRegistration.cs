using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api;
using Slipway.Api.Meta;
using Slipway.Api.Providers;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Runtimes;

namespace Slipway.Operator.Providers;

/// <summary>Makes the runtimes of this process known, and says once a minute that they are still there.</summary>
/// <param name="client">The API.</param>
/// <param name="runtimes">The runtimes.</param>
/// <param name="version">The version of this process.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class ProviderRegistration(
    KubeClient client, IReadOnlyList<IRuntime> runtimes, string version, TimeProvider time, ILogger<ProviderRegistration> logger) : IAsyncDisposable
{
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _beating = Task.CompletedTask;

    /// <summary>Makes the runtimes known and begins to beat.</summary>
    /// <param name="cancellationToken">Stops the first registration.</param>
    /// <returns>When all are known.</returns>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var runtime in runtimes) await RegisterAsync(runtime.Descriptor, cancellationToken);
        await BeatAsync(cancellationToken);
        _beating = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _beating;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(s_heartbeat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) await BeatAsync(_stop.Token);
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

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        foreach (var runtime in runtimes)
        {
            var status = new InferenceProviderStatus { Ready = true, Version = version, LastHeartbeat = time.GetUtcNow() };
            var patch = new JsonObject { ["status"] = JsonSerializer.SerializeToNode(status, SlipwayJson.Default.InferenceProviderStatus) };
            try
            {
                await client.MergePatchAsync(
                    Kinds.Providers, new NamespacedName("", runtime.Descriptor.Name), patch, "slipway", cancellationToken, "status");
            }
            catch (Exception failure) when (failure is KubeApiException or HttpRequestException)
            {
                LogMissed(runtime.Descriptor.Name, failure.Message);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Heartbeat of runtime {Runtime} was not written: {Why}")]
    private partial void LogMissed(string runtime, string why);
}
