using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;
using Slipway.ApiServer.Kinds;

namespace Slipway.ApiServer.Webhooks;

/// <summary>The rules for where a webhook listens.</summary>
internal static class ClientConfigChecks
{
    private const string Form = "; desired format: https://host[/path]";

    public static void Check(JsonMap? config, string path, List<FieldError> errors)
    {
        var (url, service) = (config?.Text("url"), config?.Map("service"));
        if (url is null == service is null) errors.Add(FieldError.Required(path, "exactly one of url or service is required"));
        else if (url is not null) Url(url, path + ".url", errors);
        else Service(service!, path + ".service", errors);
    }

    private static void Url(string url, string path, List<FieldError> errors)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        var scheme = end < 0 ? "" : url[..end];
        if (scheme != "https") errors.Add(FieldError.Invalid(path, scheme, "'https' is the only allowed URL scheme" + Form));
        var rest = end < 0 ? "" : url[(end + 3)..];
        var host = rest[..(rest.AsSpan().IndexOfAny('/', '?', '#') is var at and >= 0 ? at : rest.Length)];
        if (host.Length == 0) errors.Add(FieldError.Invalid(path, "", "host must be specified" + Form));
        else if (!Uri.TryCreate(url, UriKind.Absolute, out _)) errors.Add(FieldError.Required(path, "url must be a valid URL" + Form));
        if (host.Contains('@', StringComparison.Ordinal)) errors.Add(FieldError.Invalid(path, host[..host.IndexOf('@', StringComparison.Ordinal)], "user information is not permitted in the URL"));
        if (url.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0 && hash + 1 < url.Length)
            errors.Add(FieldError.Invalid(path, url[(hash + 1)..], "fragments are not permitted in the URL"));
        if (url.IndexOf('?', StringComparison.Ordinal) is var query and >= 0 && query + 1 < url.Length)
            errors.Add(FieldError.Invalid(path, url[(query + 1)..], "query parameters are not permitted in the URL"));
    }

    private static void Service(JsonMap service, string path, List<FieldError> errors)
    {
        // Upstream takes the two for each other (ValidateWebhookService is called with its arguments swapped), and so tests expect it.
        if (service.Text("namespace") is null or "") errors.Add(FieldError.Required(path + ".name"));
        if (service.Text("name") is null or "") errors.Add(FieldError.Required(path + ".namespace"));
        if (service.At("port") is long port and (< 1 or > 65535))
            errors.Add(FieldError.Invalid(path + ".port", port, "port is not valid: must be between 1 and 65535, inclusive"));
        if (service.Text("path") is { Length: > 0 } given and not "/") Path(given, path + ".path", errors);
    }

    private static void Path(string given, string path, List<FieldError> errors)
    {
        if (given == "//")
        {
            errors.Add(FieldError.Invalid(path, given, "segment[0] may not be empty"));
            return;
        }

        if (given[0] != '/') errors.Add(FieldError.Invalid(path, given, "must start with a '/'"));
        var steps = given[1..];
        if (steps.EndsWith('/')) steps = steps[..^1];
        var segments = steps.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Length == 0) errors.Add(FieldError.Invalid(path, given, $"segment[{i}] may not be empty"));
            else if (Names.SubdomainFault(segments[i]) is { } fault) errors.Add(FieldError.Invalid(path, given, $"segment[{i}]: {fault}"));
        }
    }
}
