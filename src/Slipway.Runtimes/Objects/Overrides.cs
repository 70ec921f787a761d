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
    // What no allowed path is meant to reach, whatever it is below: the second of two fences, for the day when an allowed path turns out wider than thought.
    private static readonly HashSet<string> s_never = new(StringComparer.OrdinalIgnoreCase)
    {
        "hostPath", "hostNetwork", "hostPID", "hostIPC", "hostUsers", "hostPort", "securityContext", "privileged", "allowPrivilegeEscalation", "capabilities", "procMount",
        "serviceAccount", "serviceAccountName", "automountServiceAccountToken", "containers", "initContainers", "ephemeralContainers", "sidecars", "volumes", "volumeDevices",
        "command", "lifecycle", "nodeName", "runtimeClassName",
    };

    /// <summary>Names what the overrides reach that the runtime does not allow.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="allowed">Dotted paths from the root of the main object, each allowing all below it.</param>
    /// <returns>The refused paths, as fields that block the deployment.</returns>
    public static IEnumerable<UnsupportedField> Refused(ModelDeployment deployment, IReadOnlyList<string> allowed)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        if (deployment.Spec.Provider?.Overrides is not { ValueKind: JsonValueKind.Object } overrides) yield break;
        foreach (var (path, value) in Leaves(overrides, ""))
        {
            var field = $"spec.provider.overrides.{path}";
            if ((Array.Find(path.Split('.'), s_never.Contains) ?? Never(value)) is { } never)
                yield return new UnsupportedField(field, $"\"{never}\" may be overridden for no runtime: it could give the model's pods rights that whoever deploys does not have", Blocking: true);
            else if (!allowed.Any(a => path == a || path.StartsWith(a + ".", StringComparison.Ordinal)))
                yield return new UnsupportedField(field, $"may not be overridden: {May(path, allowed)}", Blocking: true);
        }
    }

    /// <summary>The text of a property that overrides may have made anything of.</summary>
    /// <param name="node">What ought to be an object.</param>
    /// <param name="name">The property.</param>
    /// <returns>The text; <see langword="null"/> when there is none.</returns>
    internal static string? Text(JsonNode? node, string name) =>
        node is JsonObject value && value[name] is JsonValue text && text.GetValueKind() is JsonValueKind.String ? (string?)text : null;

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

    // The nearest first: it is mostly a slip, or a level too many or too few.
    private static string May(string path, IReadOnlyList<string> allowed) => allowed.Count == 0
        ? "this runtime has none"
        : $"the nearest that may is {allowed.MinBy(a => Distance(path, a))}; allowed are {string.Join(", ", allowed)}";

    // Levenshtein's, in two rows; paths are as long as the request allows, and a slip is within the first few hundred characters.
    private static int Distance(string from, string to)
    {
        if (from.Length > 256) from = from[..256];
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                (left, diagonal) = (Math.Min(Math.Min(left, row[j]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1)), row[j]);
                row[j] = left;
            }
        }

        return row[^1];
    }

    // Lists are replaced as a whole, so that a path ends at one; what is inside is looked over all the same.
    private static string? Never(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Select(Never).FirstOrDefault(n => n is not null),
        JsonValueKind.Object => value.EnumerateObject().Select(p => s_never.Contains(p.Name) ? p.Name : Never(p.Value)).FirstOrDefault(n => n is not null),
        _ => null,
    };

    private static IEnumerable<(string Path, JsonElement Value)> Leaves(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object || !value.EnumerateObject().Any())
        {
            yield return (path, value);
            yield break;
        }

        foreach (var property in value.EnumerateObject())
        {
            foreach (var leaf in Leaves(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")) yield return leaf;
        }
    }
}
