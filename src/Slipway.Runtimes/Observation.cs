using System.Collections.Immutable;
using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Runtimes.Pods;

namespace Slipway.Runtimes;

/// <summary>Which of a runtime's objects.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Name">Its name, in the deployment's namespace.</param>
public readonly record struct ObjectId(string Kind, string Name);

/// <summary>What the API has of a deployment: the objects that belong to it, and its pods.</summary>
/// <param name="Objects">The objects, owned by the deployment or, for what operators make, labelled with its name.</param>
/// <param name="Pods">The pods, in no order.</param>
/// <param name="Now">The time.</param>
public sealed record Observation(ImmutableDictionary<ObjectId, JsonElement> Objects, ImmutableArray<ModelPod> Pods, DateTimeOffset Now)
{
    /// <summary>Events about its pods and about what makes them, as far as nothing but an event says it; those of the last hour, in no order.</summary>
    public ImmutableArray<KubernetesEvent> Events { get; init; } = [];

    /// <summary>Finds an object.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The object, or <see langword="null"/>.</returns>
    public JsonElement? Find(string kind, string name) => Objects.TryGetValue(new ObjectId(kind, name), out var found) ? found : null;
}
