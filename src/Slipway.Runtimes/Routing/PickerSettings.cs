using System.Text.Json.Nodes;

namespace Slipway.Runtimes.Routing;

/// <summary>What an endpoint picker is made of.</summary>
/// <param name="Image">Its image.</param>
/// <param name="Config">Its EndpointPickerConfig, as YAML or JSON.</param>
/// <param name="Resources">The resources of its container.</param>
internal sealed record PickerSettings(string Image, string Config, JsonObject Resources)
{
    /// <summary>The endpoint picker of llm-d-router 0.10.0, of 2026-08.</summary>
    public const string DefaultImage = "ghcr.io/llm-d/llm-d-router-endpoint-picker:v0.10.0";

    // The router's own default: the shortest queue and the emptiest cache, but rather where the prompt's beginning is cached already.
    public const string DefaultConfig = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: prefix-cache-scorer
        schedulingProfiles:
        - name: default
          plugins:
          - pluginRef: queue-scorer
            weight: 2
          - pluginRef: kv-cache-utilization-scorer
            weight: 2
          - pluginRef: prefix-cache-scorer
            weight: 3

        """;

    /// <summary>Resources for a start.</summary>
    /// <remarks>
    /// The router's chart asks for 8 processors and 8 GiB, one picker for a whole fleet; that is more than many a model here. The request is
    /// no measurement but a small start: processors beyond it are not limited.
    /// </remarks>
    public static JsonObject DefaultResources() => new()
    {
        ["requests"] = new JsonObject { ["cpu"] = "250m", ["memory"] = "256Mi" },
        ["limits"] = new JsonObject { ["memory"] = "1Gi" },
    };
}
