using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Runtimes.Objects;

namespace Slipway.Runtimes.Pods;

/// <summary>Pods of one shape that come of a rendered object, as far as it says what they are.</summary>
/// <param name="Count">How many.</param>
/// <param name="Labels">Labels that each has.</param>
/// <param name="Spec">Their spec.</param>
public sealed record PodShape(int Count, ImmutableDictionary<string, string> Labels, JsonElement Spec)
{
    /// <summary>The pods that objects come to: fewer than there will be where an autoscaler adds some, or an operator adds helpers of its own.</summary>
    /// <param name="rendered">What a runtime renders.</param>
    /// <returns>The shapes; none for kinds that do not speak of pods, such as KAITO's, whose pods take whole nodes.</returns>
    public static IEnumerable<PodShape> Of(IEnumerable<JsonObject> rendered)
    {
        ArgumentNullException.ThrowIfNull(rendered);
        return rendered.SelectMany(Of).Where(static s => s.Count > 0);
    }

    private static IEnumerable<PodShape> Of(JsonObject rendered)
    {
        var spec = rendered["spec"];
        return (string?)rendered["kind"] switch
        {
            "Deployment" => [Shape(spec!["template"]!, Number(spec["replicas"]) ?? 1)],
            "LeaderWorkerSet" => Group(spec!["leaderWorkerTemplate"]!, Number(spec["replicas"]) ?? 1),
            "RayService" => Ray(spec!),
            "DynamoGraphDeployment" => spec!["components"] is JsonArray components ? Beta(components) : Alpha(spec["services"]!.AsObject()),
            _ => [],
        };
    }

    private static IEnumerable<PodShape> Group(JsonNode template, int replicas) =>
        [Shape(template["leaderTemplate"] ?? template["workerTemplate"]!, replicas), Shape(template["workerTemplate"]!, replicas * ((Number(template["size"]) ?? 1) - 1))];

    private static IEnumerable<PodShape> Ray(JsonNode spec) => Is(spec["suspend"]) ? [] :
    [
        Shape(spec["rayClusterConfig"]!["headGroupSpec"]!["template"]!, 1),
        .. spec["rayClusterConfig"]!["workerGroupSpecs"]!.AsArray().Select(g => Shape(g!["template"]!, Number(g["replicas"]) ?? 1)),
    ];

    private static IEnumerable<PodShape> Beta(JsonArray components) => components.Select(c => Shape(c!["podTemplate"]!, Pods(c)));

    private static IEnumerable<PodShape> Alpha(JsonObject services)
    {
        foreach (var (_, service) in services)
        {
            var spec = service!["extraPodSpec"]!.DeepClone().AsObject();
            var container = spec["mainContainer"]!.DeepClone().AsObject();
            if (service["resources"]?.DeepClone() is JsonObject resources)
            {
                // Here accelerators are a number and a type of their own.
                if (resources["limits"] is JsonObject limits && limits["gpu"] is { } gpu)
                {
                    limits[(string?)limits["gpuType"] ?? "nvidia.com/gpu"] = gpu.DeepClone();
                    limits.Remove("gpu");
                    limits.Remove("gpuType");
                }

                container["resources"] = resources;
            }

            spec.Remove("mainContainer");
            spec["containers"] = new JsonArray(container);
            yield return Shape(new JsonObject { ["metadata"] = service["extraPodMetadata"]?.DeepClone(), ["spec"] = spec }, Pods(service));
        }
    }

    private static int Pods(JsonNode part) => (Number(part["replicas"]) ?? 1) * (Number(part["multinode"]?["nodeCount"]) ?? 1);

    private static PodShape Shape(JsonNode template, int count) => new(
        count,
        (template["metadata"]?["labels"] as JsonObject)?.Where(static l => l.Value is not null).ToImmutableDictionary(static l => l.Key, static l => (string)l.Value!) ?? ImmutableDictionary<string, string>.Empty,
        JsonSerializer.SerializeToElement(template["spec"]!, ObjectJson.Default.JsonNode));

    // Overrides may have made anything of a number.
    private static int? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private static bool Is(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var given) && given;
}
