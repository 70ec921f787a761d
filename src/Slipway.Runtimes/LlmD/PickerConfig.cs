using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Routing;

namespace Slipway.Runtimes.LlmD;

/// <summary>How the endpoint picker chooses: its EndpointPickerConfig, and what `provider.overrides` say of it.</summary>
/// <remarks>Plugins by the names of llm-d-router 0.10 (`pkg/epp/framework/plugins`), none of those that it has declared deprecated.</remarks>
internal static class PickerConfig
{
    /// <summary>Where the overrides speak of the picker; not a part of the rendered main object.</summary>
    public const string Key = "endpointPicker";

    /// <summary>
    /// What they may say. Neither its image nor its account: its account may read the namespace's pods, which who deploys a model may not.
    /// </summary>
    public static IReadOnlyList<string> Overridable { get; } = [$"{Key}.config", $"{Key}.resources"];

    // A decode pod for every request, and a prefill pod before it unless the decode pod has all but 16 tokens of the prompt cached, the
    // number of the router's own example: moving so little costs more than computing it.
    private const string Disaggregated = """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins:
        - type: approx-prefix-cache-producer
        - type: prefix-based-pd-decider
          parameters:
            nonCachedTokens: 16
        - type: disagg-profile-handler
          parameters:
            deciders:
              prefill: prefix-based-pd-decider
        - type: prefill-filter
        - type: decode-filter
        - type: prefix-cache-scorer
        - type: queue-scorer
        - type: kv-cache-utilization-scorer
        - type: max-score-picker
        schedulingProfiles:
        - name: prefill
          plugins:
          - pluginRef: prefill-filter
          - pluginRef: prefix-cache-scorer
            weight: 2
          - pluginRef: queue-scorer
            weight: 1
          - pluginRef: max-score-picker
        - name: decode
          plugins:
          - pluginRef: decode-filter
          - pluginRef: prefix-cache-scorer
            weight: 2
          - pluginRef: kv-cache-utilization-scorer
            weight: 1
          - pluginRef: queue-scorer
            weight: 1
          - pluginRef: max-score-picker

        """;

    /// <summary>The configuration, as YAML: the user's, or one for the serving mode.</summary>
    private static string Text(ModelDeployment deployment) => Override(deployment, "config") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        // JSON is YAML.
        { } value => value.GetRawText(),
        null => LlmDRoles.Split(deployment) ? Disaggregated : PickerSettings.DefaultConfig,
    };

    /// <summary>All of it.</summary>
    public static PickerSettings Of(ModelDeployment deployment) => new(PickerSettings.DefaultImage, Text(deployment), Resources(deployment));

    private static JsonObject Resources(ModelDeployment deployment) =>
        Override(deployment, "resources") is { ValueKind: JsonValueKind.Object } given
            ? JsonSerializer.SerializeToNode(given, ObjectJson.Default.JsonElement)!.AsObject()
            : PickerSettings.DefaultResources();

    /// <summary>The deployment with only those overrides that are for its main object.</summary>
    public static ModelDeployment Without(ModelDeployment deployment)
    {
        if (deployment.Spec.Provider?.Overrides is not { ValueKind: JsonValueKind.Object } overrides) return deployment;
        var rest = JsonSerializer.SerializeToNode(overrides, ObjectJson.Default.JsonElement)!.AsObject();
        rest.Remove(Key);
        return deployment with { Spec = deployment.Spec with { Provider = deployment.Spec.Provider with { Overrides = JsonSerializer.SerializeToElement(rest, ObjectJson.Default.JsonObject) } } };
    }

    private static JsonElement? Override(ModelDeployment deployment, string name) => deployment.Spec.Provider?.Overrides?.At(Key, name);
}
