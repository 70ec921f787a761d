using System.Net;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Networking;

/// <summary>Ingresses: hosts and paths, each with somebody behind it.</summary>
internal sealed class IngressStrategy : KindStrategy
{
    private const string Wildcard = "*.";

    private static readonly string[] s_refused = ["//", "/./", "/../", "%2f", "%2F"];

    public override void PrepareForCreate(JsonMap value) => value["status"] = new JsonMap();

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        if (value.Map("spec") is not { } map) return;
        var spec = new Spot(map, "spec", errors);
        if (spec.Map("defaultBackend") is { } backend) Backend(backend);
        else if (map.List("rules") is null or { Count: 0 }) errors.Add(FieldError.Invalid("spec", null, "either `defaultBackend` or `rules` must be specified"));
        foreach (var rule in spec.Items("rules"))
        {
            if (rule.Text("host") is { Length: > 0 } host) Host(rule, host);
            if (rule.Map("http") is not { } http) continue;
            if (http.Value.List("paths") is null or { Count: 0 }) http.Required("paths");
            foreach (var path in http.Items("paths")) Path(path);
        }

        foreach (var (host, path) in spec.Items("tls").SelectMany(t => t.Texts("hosts")))
            if (Names.SubdomainFault(host.StartsWith(Wildcard, StringComparison.Ordinal) ? host[2..] : host) is { } fault) errors.Add(FieldError.Invalid(path, host, fault));
        spec.Fits("ingressClassName", Names.SubdomainFault);
    }

    private static void Host(Spot rule, string host)
    {
        if (IPAddress.TryParse(host, out _)) rule.Invalid("host", host, "must be a DNS name, not an IP address");
        else if (Names.SubdomainFault(host.StartsWith(Wildcard, StringComparison.Ordinal) ? host[2..] : host) is { } fault) rule.Invalid("host", host, fault);
    }

    private static void Path(Spot path)
    {
        var (type, text) = (path.Value.Text("pathType"), path.Text("path"));
        if (type is null) path.Required("pathType", "pathType must be specified");
        else if (type is "Exact" or "Prefix")
        {
            if (!text.StartsWith('/')) path.Invalid("path", text, "must be an absolute path");
            foreach (var refused in s_refused.Where(r => text.Contains(r, StringComparison.Ordinal))) path.Invalid("path", text, $"must not contain '{refused}'");
            foreach (var end in ((string[])["/..", "/."]).Where(e => text.EndsWith(e, StringComparison.Ordinal))) path.Invalid("path", text, $"cannot end with '{end}'");
        }
        else if (type == "ImplementationSpecific")
        {
            if (text.Length > 0 && text[0] != '/') path.Invalid("path", text, "must be an absolute path");
        }
        else
        {
            path.NotSupported("pathType", type, "Exact", "ImplementationSpecific", "Prefix");
        }

        if (path.Map("backend") is { } backend) Backend(backend);
    }

    private static void Backend(Spot backend)
    {
        var (service, resource) = (backend.Map("service"), backend.Map("resource"));
        if (service is not null && resource is not null) backend.Errors.Add(FieldError.Invalid(backend.Path, "", "cannot set both resource and service backends"));
        else if (service is null && resource is null) backend.Errors.Add(FieldError.Invalid(backend.Path, "", "resource or service backend is required"));
        else if (service is { } to)
        {
            to.Name("name", Names.Label1035Fault);
            var (name, number) = (to.Map("port")?.Text("name") ?? "", to.Map("port")?.Number("number") ?? 0);
            // Upstream names the backend here, not the port.
            if (name.Length > 0 && number != 0) backend.Errors.Add(FieldError.Invalid(backend.Path, "", "cannot set both port name & port number"));
            else if (name.Length > 0) foreach (var fault in Names.PortNameFaults(name)) to.Invalid("port.name", name, fault);
            else if (number == 0) backend.Errors.Add(FieldError.Required(backend.Path, "port name or number is required"));
            else to.Map("port")?.Within("number", 1, ushort.MaxValue);
        }
    }
}
