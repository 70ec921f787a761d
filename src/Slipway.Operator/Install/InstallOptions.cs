using System.Text.Json.Nodes;
using Slipway.Runtimes;

namespace Slipway.Operator.Install;

/// <summary>How Slipway is to be put into a cluster.</summary>
public sealed record InstallOptions
{
    /// <summary>The namespace of the controllers.</summary>
    public string Namespace { get; init; } = "slipway-system";

    /// <summary>The image; the default is what publishing leaves in the local container engine.</summary>
    public string Image { get; init; } = "slipway:latest";

    /// <summary>When the image is pulled, as Kubernetes names it.</summary>
    public string ImagePullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Processes; one works, the others wait to take over.</summary>
    public JsonNode Replicas { get; init; } = 2;

    /// <summary>The runtimes that may be chosen.</summary>
    public required IReadOnlyList<IRuntime> Runtimes { get; init; }

    /// <summary>The names of the runtimes as the command takes them.</summary>
    public string RuntimeNames => RuntimesText ?? string.Join(",", Runtimes.Select(r => r.Descriptor.Name));

    /// <summary>The Gateway that models are reached through, NAMESPACE/NAME; the one with the label, or the only one, when null.</summary>
    public string? Gateway { get; init; }

    /// <summary>Whether manifests are looked over by a webhook before they are stored.</summary>
    public bool Webhook { get; init; } = true;

    /// <summary>The most replicas of one deployment; no limit when null.</summary>
    public JsonNode? MaxReplicas { get; init; }

    /// <summary>The most accelerators of one deployment; no limit when null.</summary>
    public JsonNode? MaxGpus { get; init; }

    /// <summary>The namespace of the monitors of devices, which an administrator labelled for admin access; no monitors when null.</summary>
    public string? DeviceMonitor { get; init; }

    /// <summary>Whether the Prometheus operator and Grafana are told of the metrics.</summary>
    public bool Monitoring { get; init; }

    /// <summary>The names that people reach the page by, over a proxy with TLS; no page where there is none.</summary>
    public IReadOnlyList<string> WebHosts { get; init; } = [];

    /// <summary>The OpenID provider at which people sign in to the page; none when null.</summary>
    public PageOidc? WebOidc { get; init; }

    /// <summary>Where programs and the page's playground reach models; the Gateway's address when null.</summary>
    public string? ModelsUrl { get; init; }

    /// <summary>A Prometheus that the page draws weeks from; none when null.</summary>
    public string? Prometheus { get; init; }

    /// <summary>What the chart has in place of the runtimes' names.</summary>
    internal string? RuntimesText { get; init; }
}
