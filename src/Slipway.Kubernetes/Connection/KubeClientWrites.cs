using System.Text.Json.Nodes;
using Slipway.Kubernetes.Objects;

namespace Slipway.Kubernetes.Connection;

/// <summary>What controllers write again and again: statuses and finalizers, on the version that they read, so that a change in between is a conflict.</summary>
public static class KubeClientWrites
{
    /// <summary>Writes a status where it differs; a field that is no longer said goes.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="client">The API.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="key">The object.</param>
    /// <param name="version">Its resource version, as read.</param>
    /// <param name="next">The status that is to be.</param>
    /// <param name="current">The status as read; null when there is none.</param>
    /// <param name="manager">The field manager.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Whether there was anything to write.</returns>
    /// <exception cref="KubeApiException">The server refused; a conflict when somebody else wrote in between.</exception>
    public static async Task<bool> WriteStatusAsync<T>(
        this KubeClient client, Resource<T> resource, NamespacedName key, string? version, JsonObject next, JsonObject? current, string manager, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(next);
        if (JsonNode.DeepEquals(next, current)) return false;
        var status = next.DeepClone().AsObject();
        foreach (var (gone, _) in current ?? []) status.TryAdd(gone, null);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = version }, ["status"] = status };
        await client.MergePatchAsync(resource, key, patch, manager, cancellationToken, "status");
        return true;
    }

    /// <summary>Sets the finalizers.</summary>
    /// <inheritdoc cref="WriteStatusAsync"/>
    /// <param name="finalizers">All that are to be.</param>
    public static Task SetFinalizersAsync<T>(
        this KubeClient client, Resource<T> resource, NamespacedName key, string? version, IEnumerable<string> finalizers, string manager, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(client);
        var metadata = new JsonObject { ["resourceVersion"] = version, ["finalizers"] = new JsonArray([.. finalizers.Select(static f => (JsonNode)f)]) };
        return client.MergePatchAsync(resource, key, new JsonObject { ["metadata"] = metadata }, manager, cancellationToken);
    }
}
