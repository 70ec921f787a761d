using Slipway.ApiServer.Json;
using Slipway.ApiServer.Storage;

namespace Slipway.ApiServer.Webhooks;

/// <summary>
/// Finds an address behind a Service. No network of a cluster stands behind this server, so a cluster address leads nowhere:
/// the ready addresses of its EndpointSlices, or of its Endpoints, are taken.
/// </summary>
internal sealed class ServiceEndpoints(ObjectStore store)
{
    private readonly Bucket _services = store.Bucket("/services");
    private readonly Bucket _slices = store.Bucket("discovery.k8s.io/endpointslices");
    private readonly Bucket _endpoints = store.Bucket("/endpoints");

    /// <exception cref="UnresolvedServiceException">Nothing can be reached; the message says why.</exception>
    public (string Host, int Port) Resolve(WebhookService service)
    {
        var key = StoredObject.KeyOf(service.Namespace, service.Name);
        if (_services.Find(key) is not { } stored) throw new UnresolvedServiceException($"service \"{service.Name}\" not found");
        var spec = stored.Parse().Map("spec");
        if (spec?.Text("type") == "ExternalName") return (spec.Text("externalName") ?? "", (int)service.Port);
        if (spec?.List("ports")?.Maps().FirstOrDefault(p => p.At("port") as long? == service.Port) is not { } port)
            throw new UnresolvedServiceException($"no service port {service.Port} found for service \"{service.Name}\"");
        var name = port.Text("name") ?? "";
        return FromSlices(service, name) ?? FromEndpoints(key, name)
            ?? throw new UnresolvedServiceException($"no endpoints available for service \"{service.Name}\"");
    }

    private (string, int)? FromSlices(WebhookService service, string port)
    {
        foreach (var slice in _slices.Current.Range(service.Namespace + "/", null))
        {
            if (slice.Metadata.Labels.GetValueOrDefault("kubernetes.io/service-name") != service.Name) continue;
            var value = slice.Parse();
            if (Port(value.List("ports"), port) is not { } number) continue;
            foreach (var endpoint in value.List("endpoints")?.Maps() ?? [])
                if (endpoint.Map("conditions")?.At("ready") is not false && endpoint.List("addresses") is [string address, ..]) return (address, number);
        }

        return null;
    }

    private (string, int)? FromEndpoints(string key, string port)
    {
        foreach (var subset in _endpoints.Find(key)?.Parse().List("subsets")?.Maps() ?? [])
            if (Port(subset.List("ports"), port) is { } number && subset.List("addresses") is [JsonMap first, ..] && first.Text("ip") is { } address) return (address, number);
        return null;
    }

    private static int? Port(JsonList? ports, string name) =>
        (int?)(ports?.Maps().FirstOrDefault(p => (p.Text("name") ?? "") == name)?.At("port") as long?);
}

#pragma warning disable CA1032, RCS1194 // Made in one place with a message, and never leaves this assembly.
/// <summary>A service has no address to call.</summary>
internal sealed class UnresolvedServiceException(string message) : IOException(message);
#pragma warning restore CA1032, RCS1194
