using Microsoft.AspNetCore.Http;
using Slipway.ApiServer.Apply;
using Slipway.ApiServer.Authentication;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Requests;

/// <summary>One request for a resource, with its target resolved.</summary>
internal sealed class ApiRequest(HttpContext http, UserInfo user, RequestTarget target, ResourceType type, ServedVersion version, Bucket bucket)
{
    private readonly List<string> _warnings = [];

    public HttpContext Http { get; } = http;

    public UserInfo User { get; } = user;

    public RequestTarget Target { get; } = target;

    public ResourceType Type { get; } = type;

    public ServedVersion Version { get; } = version;

    public Bucket Bucket { get; } = bucket;

    public CancellationToken Aborted => Http.RequestAborted;

    public string Name => Target.Name!;

    public string? Namespace => Target.Namespace;

    public string Key => StoredObject.KeyOf(Target.Namespace, Target.Name!);

    public bool IsStatus => Target.Subresource == "status";

    public bool DryRun { get; set; } = ReadDryRun(http.Request.Query);

    /// <summary>Gets or sets the options that a deletion brought in its body.</summary>
    public JsonMap? DeleteBody { get; set; }

    /// <summary>Gets Strict, Warn or Ignore. Without the parameter a server warns.</summary>
    public string FieldValidation { get; } = ReadFieldValidation(http.Request.Query);

    public bool Force => Flag("force");

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>Gets whether a flag is given and not taken back by "false" or "0", as apimachinery reads flags: Python's client sends "True".</summary>
    public bool Flag(string name) =>
        Query(name) is { } value && value != "0" && !value.Equals("false", StringComparison.OrdinalIgnoreCase);

    public ManagerKey Manager(bool apply)
    {
        var given = Query("fieldManager");
        if (apply && string.IsNullOrEmpty(given))
            throw new ApiException(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
        if (given?.Length > 128)
            throw new ApiException(422, "Invalid", "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Too long: may not be more than 128 bytes");
        var agent = Http.Request.Headers.UserAgent.ToString();
        var slash = agent.IndexOf('/', StringComparison.Ordinal);
        var manager = string.IsNullOrEmpty(given) ? slash > 0 ? agent[..slash] : agent.Length > 0 ? agent : "unknown" : given;
        return new(manager, apply, Version.ApiVersion, Target.Subresource ?? "");
    }

    /// <summary>Adds a warning header (KEP-1693), which kubectl prints.</summary>
    public void Warn(string text)
    {
        if (_warnings.Contains(text, StringComparer.Ordinal)) return;
        _warnings.Add(text);
        var safe = string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : c is < ' ' or > '~' ? "?" : c.ToString()));
        Http.Response.Headers.Append("Warning", $"299 - \"{safe}\"");
    }

    private static bool ReadDryRun(IQueryCollection query)
    {
        if (!query.TryGetValue("dryRun", out var values)) return false;
        if (values.Any(v => v != "All"))
            throw new ApiException(422, "Invalid", $"Options.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"{values[0]}\"]: supported values: \"All\"");
        return true;
    }

    private static string ReadFieldValidation(IQueryCollection query)
    {
        if (!query.TryGetValue("fieldValidation", out var values) || values[0] is not { Length: > 0 } value) return "Warn";
        return value is "Strict" or "Warn" or "Ignore"
            ? value
            : throw new ApiException(422, "Invalid", $"Options.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"{value}\": supported values: \"Ignore\", \"Warn\", \"Strict\"");
    }
}
