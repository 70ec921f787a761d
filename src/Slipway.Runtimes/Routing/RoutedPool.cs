using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Providers;
using Slipway.Runtimes.ModelServers;

namespace Slipway.Runtimes.Routing;

/// <summary>A pool with an endpoint picker for the pods of a runtime that has neither, and that wants a picker.</summary>
public static class RoutedPool
{
    /// <summary>The kinds that it takes.</summary>
    public static IReadOnlyList<RuntimeObject> Kinds { get; } =
    [
        InferencePool.Kind, ServerKinds.Service, ServerKinds.Deployment, .. PickerAccess.Kinds,
        ServerKinds.BuiltIn("", "v1", "ServiceAccount", "serviceaccounts"), ServerKinds.BuiltIn("", "v1", "ConfigMap", "configmaps"),
    ];

    /// <summary>The kind of the pool itself.</summary>
    public static RuntimeObject Pool => InferencePool.Kind;

    /// <summary>Whether an object is one of those that are rendered, going by its kind and name.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="id">The object.</param>
    /// <returns>Whether it is.</returns>
    public static bool Renders(ModelDeployment deployment, ObjectId id)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return Kinds.Any(k => k.Kind == id.Kind) && id.Name == (id.Kind == Pool.Kind ? deployment.Metadata.Name : EndpointPicker.Name(deployment));
    }

    /// <summary>Renders the picker and the pool, in the order in which they need one another.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="picker">What the runtime says of its picker; its image and configuration are Slipway's own where it says nothing.</param>
    /// <param name="selector">The labels of the pods that answer.</param>
    /// <param name="port">Where they answer.</param>
    /// <param name="apis">What the cluster serves.</param>
    /// <returns>The objects.</returns>
    public static IReadOnlyList<JsonObject> Render(ModelDeployment deployment, EndpointPickerCapability picker, JsonObject selector, int port, ClusterApis apis)
    {
        ArgumentNullException.ThrowIfNull(picker);
        var settings = new PickerSettings(picker.Image ?? PickerSettings.DefaultImage, picker.ConfigData ?? PickerSettings.DefaultConfig, PickerSettings.DefaultResources());
        return [.. EndpointPicker.Render(deployment, settings, stopped: false), InferencePool.Render(deployment, selector, port, apis)];
    }
}
