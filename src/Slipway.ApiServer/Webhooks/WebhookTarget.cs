using Slipway.ApiServer.Json;

namespace Slipway.ApiServer.Webhooks;

/// <summary>Where a webhook listens: at an address, or behind a Service of this server. Equal by value, since connections are kept by it.</summary>
/// <param name="Url">The address; <see langword="null"/> for a service.</param>
/// <param name="Service">The service; <see langword="null"/> for an address.</param>
/// <param name="CaBundle">The authorities to trust as PEM, in base64; empty for those of the machine.</param>
internal sealed record WebhookTarget(string? Url, WebhookService? Service, string CaBundle)
{
    /// <summary>Gets what is asked for: a service's certificate must be of the name that it has in a cluster.</summary>
    public string Address => Service is { } s ? $"https://{s.Host}:{s.Port}{s.Path}" : Url ?? "";

    /// <summary>Reads a <c>clientConfig</c> of webhooks and conversions.</summary>
    public static WebhookTarget Read(JsonMap? config)
    {
        var service = config?.Map("service") is { } s
            ? new WebhookService(s.Text("namespace") ?? "", s.Text("name") ?? "", s.Text("path") ?? "", s.At("port") as long? ?? 443)
            : null;
        return new(config?.Text("url"), service, config?.Text("caBundle") ?? "");
    }
}

/// <summary>A webhook behind a Service.</summary>
internal sealed record WebhookService(string Namespace, string Name, string Path, long Port)
{
    public string Host => $"{Name}.{Namespace}.svc";
}
