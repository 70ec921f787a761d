using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Objects;

/// <summary>`provider.overrides`: merged into the main object that a runtime renders, where the runtime allows it and nowhere else.</summary>
/// <remarks>
/// An allow-list, since a list of forbidden keys always misses one: the shared API's own forbids `securityContext` but lets hostPath
/// volumes and further containers through.
/// </remarks>
public static class Overrides
{
    /// <summary>Names what the overrides reach that the runtime does not allow.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="allowed">Dotted paths from the root of the main object, each allowing all below it.</param>
    /// <returns>The refused paths, as fields that block the deployment.</returns>
    public static IEnumerable<UnsupportedField> Refused(ModelDeployment deployment, IReadOnlyList<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        if (deployment.Spec.Provider?.Overrides is not { ValueKind: JsonValueKind.Object } overrides) yield break;
        var may = allowed.Count == 0 ? "this runtime has none" : $"allowed are {string.Join(", ", allowed)}";
        foreach (var path in Leaves(overrides, ""))
        {
            if (!allowed.Any(a => path == a || path.StartsWith(a + ".", StringComparison.Ordinal)))
                yield return new UnsupportedField($"spec.provider.overrides.{path}", $"may not be overridden: {may}", Blocking: true);
        }
    }

    /// <summary>Merges the overrides into an object: objects by key, everything else replaced as a whole.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="main">The main object; changed in place.</param>
    public static void Apply(ModelDeployment deployment, JsonObject main)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(main);
        if (deployment.Spec.Provider?.Overrides is { ValueKind: JsonValueKind.Object } overrides) Merge(main, overrides);
    }

    private static void Merge(JsonObject target, JsonElement source)
    {
        foreach (var property in source.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object && target[property.Name] is JsonObject inner) Merge(inner, property.Value);
            else target[property.Name] = JsonSerializer.SerializeToNode(property.Value, ObjectJson.Default.JsonElement);
        }
    }

    private static IEnumerable<string> Leaves(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().Any())
        {
            yield return path;
            yield break;
        }

        foreach (var property in value.EnumerateObject())
        {
            foreach (var leaf in Leaves(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")) yield return leaf;
        }
    }
}
