using System.Globalization;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Patch;

/// <summary>JSON Patch (RFC 6902).</summary>
internal static class JsonPatch
{
    private const int MaxOperations = 10_000;

    // What all "copy" operations of a patch may add, as in a real server: copies of copies double the object with each operation.
    private const long MaxCopied = 3 << 20;

    public static object? Apply(object? document, JsonList operations)
    {
        if (operations.Count > MaxOperations)
            throw new ApiException(413, "RequestEntityTooLarge",
                $"Request entity too large: The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        var copied = 0L;
        foreach (var item in operations)
        {
            if (item is not JsonMap operation || operation.Text("path") is not { } path)
                throw Errors.BadRequest("error decoding patch: every operation needs \"op\" and \"path\"");
            document = One(document, operation, path, ref copied);
        }

        // Two moves nest an object one level deeper, so a small patch could nest it thousands of levels deep.
        if (!JsonValues.IsWithin(document, JsonParser.MaxDepth))
            throw Errors.BadRequest($"the patch nests the object deeper than {JsonParser.MaxDepth} levels");
        return document;
    }

    private static object? One(object? document, JsonMap operation, string path, ref long copied)
    {
        switch (operation.Text("op"))
        {
            case "add":
                return Put(document, path, JsonValues.Copy(Value(operation)), insert: true);
            case "replace":
                _ = Get(document, path, "replace");
                return Put(document, path, JsonValues.Copy(Value(operation)), insert: false);
            case "remove":
                _ = Get(document, path, "remove");
                return Remove(document, path);
            case "test":
                if (!JsonValues.Same(Find(document, path, out _), operation.At("value")))
                    throw Unprocessable();
                return document;
            case "copy":
                var source = Get(document, From(operation), "copy");
                copied += JsonValues.Size(source, MaxCopied + 1 - copied);
                return copied <= MaxCopied ? Put(document, path, JsonValues.Copy(source), insert: true) : throw Unprocessable();
            case "move":
                var from = From(operation);
                if (path.StartsWith(from + "/", StringComparison.Ordinal)) throw Unprocessable();
                var moved = Get(document, from, "move");
                return Put(Remove(document, from), path, moved, insert: true);
            default:
                throw Unprocessable();
        }
    }

    private static object? Value(JsonMap operation) => operation.TryGetValue("value", out var value)
        ? value
        : throw Errors.BadRequest("error decoding patch: missing value");

    private static string From(JsonMap operation) =>
        operation.Text("from") ?? throw Errors.BadRequest("error decoding patch: missing from");

    private static string[] Split(string path)
    {
        if (path.Length == 0) return [];
        if (path[0] != '/') throw Unprocessable();
        return [.. path[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static object? Get(object? document, string path, string operation)
    {
        var value = Find(document, path, out var found);
        return found ? value : throw Unprocessable();
    }

    private static object? Find(object? document, string path, out bool found)
    {
        found = true;
        foreach (var part in Split(path))
        {
            if (document is JsonMap map && map.TryGetValue(part, out var member)) document = member;
            else if (document is JsonList list && Index(part, list.Count - 1) is { } index) document = list[index];
            else
            {
                found = false;
                return null;
            }
        }

        return document;
    }

    private static object? Put(object? document, string path, object? value, bool insert)
    {
        var parts = Split(path);
        if (parts.Length == 0) return value;
        var parent = Parent(document, parts, path);
        switch (parent)
        {
            case JsonMap map:
                map[parts[^1]] = value;
                break;
            case JsonList list when insert && parts[^1] == "-":
                list.Add(value);
                break;
            case JsonList list when insert && Index(parts[^1], list.Count) is { } index:
                list.Insert(index, value);
                break;
            case JsonList list when !insert && Index(parts[^1], list.Count - 1) is { } index:
                list[index] = value;
                break;
            default:
                throw Unprocessable();
        }

        return document;
    }

    private static object? Remove(object? document, string path)
    {
        var parts = Split(path);
        if (parts.Length == 0) return null;
        switch (Parent(document, parts, path))
        {
            case JsonMap map:
                map.Remove(parts[^1]);
                break;
            case JsonList list when Index(parts[^1], list.Count - 1) is { } index:
                list.RemoveAt(index);
                break;
        }

        return document;
    }

    private static object? Parent(object? document, string[] parts, string path)
    {
        foreach (var part in parts.AsSpan(0, parts.Length - 1))
        {
            document = document switch
            {
                JsonMap map when map.TryGetValue(part, out var member) => member,
                JsonList list when Index(part, list.Count - 1) is { } index => list[index],
                _ => throw Unprocessable(),
            };
        }

        return document;
    }

    private static int? Index(string part, int max) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= max && (part == "0" || part[0] != '0') ? index : null;

    // Which operation could not be applied is not said: a real server does not say it either.
    private static ApiException Unprocessable() => new(422, "Invalid", "the server rejected our request due to an error in our request", new JsonMap());
}
