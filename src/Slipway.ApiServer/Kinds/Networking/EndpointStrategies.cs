using System.Net;
using System.Net.Sockets;
using Slipway.ApiServer.Http;
using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Kinds.Networking;

/// <summary>Endpoints: addresses that traffic may be sent to.</summary>
internal sealed class EndpointsStrategy : PlainStrategy
{
    public override void Default(JsonMap value)
    {
        foreach (var port in (value.List("subsets")?.Maps() ?? []).SelectMany(s => s.List("ports")?.Maps() ?? [])) port.TryAdd("protocol", "TCP");
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        foreach (var subset in new Spot(value, "", errors).Items("subsets"))
        {
            if (subset.Value.List("addresses") is null or { Count: 0 } && subset.Value.List("notReadyAddresses") is null or { Count: 0 })
                errors.Add(FieldError.Required(subset.Path, "must specify `addresses` or `notReadyAddresses`"));
            foreach (var address in subset.Items("addresses").Concat(subset.Items("notReadyAddresses")))
            {
                if (!IPAddress.TryParse(address.Text("ip"), out var parsed)) address.Invalid("ip", address.Text("ip"), Addresses.Fault);
                else if (Addresses.UnfitEndpoint(parsed) is { } why) address.Invalid("ip", address.Text("ip"), why);
            }

            foreach (var port in subset.Items("ports"))
            {
                port.Within("port", 1, ushort.MaxValue);
                port.OneOf("protocol", "SCTP", "TCP", "UDP");
            }
        }
    }
}

/// <summary>EndpointSlices: addresses of one family, which never changes.</summary>
internal sealed class EndpointSliceStrategy : KindStrategy
{
    private const int MostEndpoints = 1000, MostPorts = 20_000;

    public override void Default(JsonMap value)
    {
        foreach (var port in value.List("ports")?.Maps() ?? []) port.TryAdd("name", "");
    }

    public override void Validate(JsonMap value, JsonMap? old, List<FieldError> errors)
    {
        var slice = new Spot(value, "", errors);
        var type = slice.Text("addressType");
        slice.OneOf("addressType", "FQDN", "IPv4", "IPv6");
        if (value.List("endpoints") is { Count: > MostEndpoints } many) errors.Add(FieldError.TooMany("endpoints", many.Count, MostEndpoints));
        if (value.List("ports") is { Count: > MostPorts } ports) errors.Add(FieldError.TooMany("ports", ports.Count, MostPorts));
        foreach (var endpoint in slice.Items("endpoints"))
        {
            if (endpoint.Value.List("addresses") is null or { Count: 0 }) endpoint.Required("addresses", "must contain at least 1 address");
            foreach (var (text, path) in endpoint.Texts("addresses")) Address(text, path, type, errors);
        }

        foreach (var port in slice.Items("ports"))
        {
            port.Fits("name", Names.LabelFault);
            port.OneOf("protocol", "SCTP", "TCP", "UDP");
        }

        if (old is not null && old.Text("addressType") != type) slice.Invalid("addressType", type, "field is immutable");
    }

    private static void Address(string text, string path, string type, List<FieldError> errors)
    {
        if (type == "FQDN")
        {
            if (Names.SubdomainFault(text) is { } fault) errors.Add(FieldError.Invalid(path, text, fault));
            return;
        }

        if (type is not ("IPv4" or "IPv6")) return;
        if (!IPAddress.TryParse(text, out var address)) errors.Add(FieldError.Invalid(path, text, Addresses.Fault));
        else if (address.AddressFamily == AddressFamily.InterNetwork != (type == "IPv4")) errors.Add(FieldError.Invalid(path, text, $"must be an {type} address"));
        else if (Addresses.UnfitEndpoint(address) is { } why) errors.Add(FieldError.Invalid(path, text, why));
    }
}

/// <summary>Classes of ingress: parameters of the cluster unless they say otherwise.</summary>
internal sealed class IngressClassStrategy : KindStrategy
{
    public override void Default(JsonMap value)
    {
        if (value.Map("spec", "parameters") is { } parameters && parameters.Text("scope") is null) parameters["scope"] = "Cluster";
    }
}
