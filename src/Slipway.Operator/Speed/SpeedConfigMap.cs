using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Capacity.Learning;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;
using Slipway.Models.Speed.Learning;

namespace Slipway.Operator.Speed;

/// <summary>What was learned about speed in a ConfigMap of the cluster, where whoever plans in it finds it.</summary>
/// <param name="client">The API.</param>
/// <param name="ns">The operator's namespace.</param>
public sealed class SpeedConfigMap(KubeClient client, string ns) : ISpeedStore
{
    /// <summary>Its name.</summary>
    public const string Name = "slipway-speed";

    /// <summary>The operator's namespace, unless it was installed in another.</summary>
    public const string UsualNamespace = "slipway-system";

    private const string Key = "observations.json";

    /// <inheritdoc/>
    public async Task<(LearnedSpeed Learned, string? Fault)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await client.GetAsync(Kinds.ConfigMaps, new NamespacedName(ns, Name), cancellationToken) is not { } map) return (LearnedSpeed.None, null);
            var text = map.Json.TryGetProperty("data", out var data) && data.ValueKind is JsonValueKind.Object && data.TryGetProperty(Key, out var kept) ? kept.GetString() : null;
            if (text is null) return (LearnedSpeed.None, null);
            var (learned, fault) = SpeedJson.Read(text);
            return (learned, fault is null ? null : $"ConfigMap {ns}/{Name}: {fault}");
        }
        catch (Exception failed) when (failed is KubeApiException { Code: not HttpStatusCode.NotFound } or HttpRequestException)
        {
            return (LearnedSpeed.None, $"ConfigMap {ns}/{Name}: {failed.Message}");
        }
    }

    /// <inheritdoc/>
    public async Task<string?> WriteAsync(LearnedSpeed learned, CancellationToken cancellationToken)
    {
        try
        {
            var fields = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject { ["name"] = Name, ["namespace"] = ns },
                ["data"] = new JsonObject { [Key] = SpeedJson.Write(learned) },
            };
            await client.ApplyAsync(Kinds.ConfigMaps, new NamespacedName(ns, Name), fields, "slipway-speed", cancellationToken);
            return null;
        }
        catch (Exception failed) when (failed is KubeApiException or HttpRequestException)
        {
            return $"ConfigMap {ns}/{Name}: {failed.Message}";
        }
    }
}
