using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Kubernetes.Connection;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Keeping;

/// <summary>A text that the operator keeps in a ConfigMap: as it is while it is small, for people to read, and compressed beyond.</summary>
/// <param name="client">The API.</param>
/// <param name="map">The ConfigMap.</param>
/// <param name="key">The text's key in it.</param>
public sealed class ConfigMapText(KubeClient client, NamespacedName map, string key)
{
    // An object may have 1 MiB, and etcd's request 1.5 MiB (KEP of ConfigMaps; --max-request-bytes).
    private const int MostPlain = 100_000, MostStored = 900_000, MostText = 64 << 20;

    private readonly string _packed = key + ".gz";

    /// <summary>Reads it.</summary>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The text, null when there is none; and why it could not be read, null when it was.</returns>
    public async Task<(string? Text, string? Fault)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await client.GetAsync(Kinds.ConfigMaps, map, cancellationToken) is not { } found) return (null, null);
            return Member(found.Json, "binaryData", _packed) is { } packed ? (await UnpackAsync(packed, cancellationToken), null) : (Member(found.Json, "data", key), null);
        }
        catch (Exception failed) when (failed is KubeApiException or HttpRequestException or FormatException or InvalidDataException)
        {
            return failed is KubeApiException { Code: HttpStatusCode.NotFound } ? (null, null) : (null, $"ConfigMap {map}: {failed.Message}");
        }
    }

    /// <summary>Writes it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Why it could not be written; null when it was.</returns>
    public async Task<string?> WriteAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var fields = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "ConfigMap", ["metadata"] = new JsonObject { ["name"] = map.Name, ["namespace"] = map.Namespace } };
        if (text.Length <= MostPlain) fields["data"] = new JsonObject { [key] = text };
        else
        {
            var packed = Convert.ToBase64String(Pack(text));
            if (packed.Length > MostStored) return $"ConfigMap {map}: {packed.Length} bytes are more than an object may have, even compressed";
            fields["binaryData"] = new JsonObject { [_packed] = packed };
        }

        try
        {
            await client.ApplyAsync(Kinds.ConfigMaps, map, fields, "slipway-keeping", cancellationToken);
            return null;
        }
        catch (Exception failed) when (failed is KubeApiException or HttpRequestException)
        {
            return $"ConfigMap {map}: {failed.Message}";
        }
    }

    private static string? Member(JsonElement json, string field, string key) =>
        json.TryGetProperty(field, out var values) && values.ValueKind is JsonValueKind.Object && values.TryGetProperty(key, out var value) ? value.GetString() : null;

    private static byte[] Pack(string text)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private static async Task<string> UnpackAsync(string packed, CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(new MemoryStream(Convert.FromBase64String(packed)), CompressionMode.Decompress);
        var text = new MemoryStream();
        var buffer = new byte[81_920];
        while (await gzip.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (text.Length + read > MostText) throw new InvalidDataException("it is too large to be what was written");
            text.Write(buffer, 0, read);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
