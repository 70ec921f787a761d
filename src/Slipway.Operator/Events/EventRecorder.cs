using System.IO.Hashing;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Api.Meta;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Events;

/// <summary>Writes Events: what happened to an object, for people. The same event again is counted, not repeated.</summary>
/// <param name="client">The API.</param>
/// <param name="component">Who writes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
public sealed partial class EventRecorder(KubeClient client, string component, TimeProvider time, ILogger<EventRecorder> logger)
{
    /// <summary>Writes an event. An event that cannot be written is logged: it must not stop the work it speaks of.</summary>
    /// <param name="about">The object.</param>
    /// <param name="reason">What happened, as one CamelCase word.</param>
    /// <param name="message">What happened, in words.</param>
    /// <param name="warning">Whether somebody should look.</param>
    /// <param name="cancellationToken">Stops the request.</param>
    /// <returns>When done.</returns>
    public async Task RecordAsync(ObjectReference about, string reason, string message, bool warning, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(about);
        var now = time.GetUtcNow();
        var name = $"{about.Name}.{XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{about.Uid}/{reason}/{message}")):x16}";
        var happened = new KubernetesEvent
        {
            Metadata = new ObjectMeta { Name = name, Namespace = about.Namespace ?? "default" },
            InvolvedObject = about,
            Reason = reason,
            // core/v1 keeps at most 1024 characters.
            Message = message.Length <= 1024 ? message : message[..1021] + "...",
            Type = warning ? "Warning" : "Normal",
            Count = 1,
            FirstTimestamp = now,
            LastTimestamp = now,
            Source = new EventSource { Component = component },
        };
        try
        {
            if (await client.GetAsync(Kinds.Events, new NamespacedName(happened.Metadata.Namespace, name), cancellationToken) is not { } earlier)
            {
                await client.CreateAsync(Kinds.Events, happened, cancellationToken);
                return;
            }

            var again = new JsonObject { ["count"] = (earlier.Count ?? 1) + 1, ["lastTimestamp"] = now.ToString("yyyy-MM-ddTHH:mm:ssZ") };
            await client.MergePatchAsync(Kinds.Events, new NamespacedName(happened.Metadata.Namespace, name), again, component, cancellationToken);
        }
        catch (Exception failure) when (failure is KubeApiException or HttpRequestException or IOException)
        {
            LogLost(reason, about.Name, failure.Message);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Event {Reason} about {Name} was not written: {Why}")]
    private partial void LogLost(string reason, string? name, string why);
}
