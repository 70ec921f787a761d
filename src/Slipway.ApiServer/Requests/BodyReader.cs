using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds.Protobuf;

namespace Slipway.ApiServer.Requests;

/// <summary>Reads request bodies: JSON or YAML, at most 3 MB as upstream, gzip when the client says so.</summary>
internal static class BodyReader
{
    public const int Limit = 3 * 1024 * 1024;

    public const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    public static string MediaType(HttpRequest request)
    {
        var type = request.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }

    public static async Task<JsonMap> ReadObjectAsync(HttpRequest request, List<string>? duplicates, CancellationToken cancellationToken)
    {
        var type = MediaType(request);
        if (type == ProtobufReader.MediaType) return Protobuf(await ReadAsync(request, cancellationToken));
        if (type.Length > 0 && !IsJson(type) && !IsYaml(type)) throw Errors.UnsupportedMedia(Accepted);
        var body = await ReadAsync(request, cancellationToken);
        return Parse(body, IsYaml(type), duplicates) as JsonMap
            ?? throw Errors.BadRequest("the object provided is unrecognized: the body must be one JSON or YAML object");
    }

    public static JsonMap Protobuf(byte[] body)
    {
        try
        {
            return ProtobufReader.Read(body);
        }
        catch (JsonException e)
        {
            throw Errors.BadRequest($"the object provided is unrecognized: {e.Message}");
        }
    }

    public static object? Parse(byte[] body, bool yaml, List<string>? duplicates)
    {
        try
        {
            return yaml ? YamlReader.Parse(Encoding.UTF8.GetString(body), duplicates) : JsonParser.Parse(body, duplicates);
        }
        catch (JsonException e)
        {
            throw Errors.BadRequest($"the object provided is unrecognized: {Short(e.Message)}");
        }
    }

    public static bool IsYaml(string type) => type is "application/yaml" or "application/apply-patch+yaml" or "text/yaml" or "application/x-yaml";

    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Limit) throw Errors.TooLarge(Limit);
        if (request.Headers.ContentEncoding == "gzip")
        {
            await using var unzipped = new GZipStream(request.Body, CompressionMode.Decompress);
            return await DrainAsync(PipeReader.Create(unzipped), cancellationToken);
        }

        return await DrainAsync(request.BodyReader, cancellationToken);
    }

    private static async Task<byte[]> DrainAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > Limit) throw Errors.TooLarge(Limit);
            if (result.IsCompleted)
            {
                var bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static bool IsJson(string type) => type is "application/json";

    private static string Short(string message) => message.Length <= 300 ? message : message[..300];
}
