using System.Globalization;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Http;

/// <summary>The refusals of the API with the texts that clients know.</summary>
internal static class Errors
{
    private const string Modified = "the object has been modified; please apply your changes to the latest version and try again";

    public static ApiException PathNotFound() =>
        new(404, "NotFound", "the server could not find the requested resource", new JsonMap());

    /// <summary>For a path that no part of the server answers: in plain text, as Go's own HTTP server says it.</summary>
    public static ApiException PageNotFound() => new(404, "", "404 page not found\n") { PlainText = true };

    public static ApiException NotFound(ResourceType type, string name) =>
        new(404, "NotFound", $"{type.Qualified} \"{name}\" not found", Details(type, name));

    public static ApiException AlreadyExists(ResourceType type, string name) =>
        new(409, "AlreadyExists", $"{type.Qualified} \"{name}\" already exists", Details(type, name));

    public static ApiException Conflict(ResourceType type, string name, string why = Modified) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {type.Qualified} \"{name}\": {why}", Details(type, name)) { IsWriteConflict = ReferenceEquals(why, Modified) };

    public static ApiException ApplyConflict(string message, JsonList causes) =>
        new(409, "Conflict", message, new JsonMap { ["causes"] = causes });

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException Forbidden(ResourceType type, string name, string why, JsonList? causes = null)
    {
        var details = Details(type, name);
        if (causes is not null) details["causes"] = causes;
        return new(403, "Forbidden", $"{type.Qualified} \"{name}\" is forbidden: {why}", details);
    }

    public static ApiException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", new JsonMap());

    public static ApiException Expired(string message) => new(410, "Expired", message);

    public static ApiException TooLarge(long limit) => new(413, "RequestEntityTooLarge",
        string.Create(CultureInfo.InvariantCulture, $"Request entity too large: limit is {limit}"));

    /// <remarks>A real server answers 500 with etcd's "request is too large"; it is the client who can do something about it.</remarks>
    public static ApiException ObjectTooLarge(int bytes) => new(413, "RequestEntityTooLarge",
        string.Create(CultureInfo.InvariantCulture, $"Request entity too large: the object would be {bytes} bytes; at most {EncodedObject.MaxBytes} can be stored"));

    public static ApiException UnsupportedMedia(string accepted) => new(415, "UnsupportedMediaType",
        $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static ApiException NotAcceptable(string offered) => new(406, "NotAcceptable",
        $"only the following media types are accepted: {offered}");

    public static ApiException Internal(string message) => new(500, "InternalError", "Internal error occurred: " + message,
        new JsonMap { ["causes"] = new JsonList { new JsonMap { ["message"] = message } } });

    public static ApiException StorageFull() => new(507, "InsufficientStorage",
        "the disk that holds the data directory is full; nothing of this request was stored; free some space and try again");

    public static ApiException TooLargeResourceVersion(long asked, long current) => new(504, "Timeout",
        string.Create(CultureInfo.InvariantCulture, $"Too large resource version: {asked}, current: {current}"),
        new JsonMap
        {
            ["causes"] = new JsonList { new JsonMap { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" } },
            ["retryAfterSeconds"] = 1L,
        });

    public static ApiException Invalid(ResourceType type, string name, IReadOnlyList<FieldError> errors)
    {
        var causes = new JsonList();
        foreach (var error in errors) causes.Add(error.ToCause());
        var qualified = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        var list = errors.Select(e => e.ToString()).Distinct(StringComparer.Ordinal).ToList();
        var text = list.Count == 1 ? list[0] : $"[{string.Join(", ", list)}]";
        var details = new JsonMap { ["name"] = name, ["group"] = type.Group, ["kind"] = type.Kind, ["causes"] = causes };
        if (type.Group.Length == 0) details.Remove("group");
        return new(422, "Invalid", $"{qualified} \"{name}\" is invalid: {text}", details);
    }

    private static JsonMap Details(ResourceType type, string name)
    {
        var details = new JsonMap { ["name"] = name };
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        return details;
    }
}
