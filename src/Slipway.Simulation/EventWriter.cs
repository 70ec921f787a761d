using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Simulation;

/// <summary>Writes Events; one that cannot be written is logged, for it must not stop the work that it speaks of.</summary>
/// <param name="client">The API.</param>
/// <param name="component">Who writes.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class EventWriter(KubeClient client, string component, TimeProvider time, ILogger<EventWriter> logger)
{
    // core/v1 keeps at most 1024 characters.
    private const int Longest = 1024;

    public async Task WriteAsync(string kind, CachedObject about, string reason, string message, bool warning, CancellationToken cancellationToken)
    {
        var (key, uid, now) = (about.Identity.Key, about.Identity.Uid, Time.Text(time.GetUtcNow()));
        var name = new NamespacedName(key.Namespace, $"{key.Name}.{ShortHash.Of($"{uid}/{reason}/{message}/{now}", 10)}");
        var happened = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Event",
            ["metadata"] = new JsonObject { ["name"] = name.Name, ["namespace"] = name.Namespace },
            ["involvedObject"] = new JsonObject
            {
                ["apiVersion"] = (string?)JsonNode.Parse(about.Json.GetProperty("apiVersion").GetRawText()),
                ["kind"] = kind,
                ["namespace"] = key.Namespace,
                ["name"] = key.Name,
                ["uid"] = uid,
                ["resourceVersion"] = about.Identity.ResourceVersion,
            },
            ["reason"] = reason,
            ["message"] = message.Length <= Longest ? message : $"{message[..(Longest - 3)]}...",
            ["type"] = warning ? "Warning" : "Normal",
            ["count"] = 1,
            ["firstTimestamp"] = now,
            ["lastTimestamp"] = now,
            ["source"] = new JsonObject { ["component"] = component },
        };
        try
        {
            await client.ApplyAsync(Kinds.Events, name, happened, component, cancellationToken);
        }
        catch (Exception failure) when (failure is KubeApiException or HttpRequestException or IOException)
        {
            LogLost(reason, key, failure.Message);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Event {Reason} about {Key} was not written: {Why}")]
    private partial void LogLost(string reason, NamespacedName key, string why);
}
