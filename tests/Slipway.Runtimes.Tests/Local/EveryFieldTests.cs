using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Crds;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Local;

namespace Slipway.Runtimes.Tests.Local;

/// <summary>Every field of the shared API is honoured or refused by name: each one, set alone, changes the render or is named.</summary>
public sealed class EveryFieldTests
{
    // The core's own: they choose runtime and engine, or route, before a runtime is asked.
    private static readonly HashSet<string> s_core = ["provider.name", "engine.type", "gateway.enabled", "gateway.modelName", "resources.gpu.count"];

    private readonly LocalRuntime _runtime = new();

    public static TheoryData<string> Fields => [.. Leaves(SpecSchema(), "").Select(l => l.Path).Where(p => !s_core.Contains(p)).Distinct()];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named(string path)
    {
        var plain = Deployment(new JsonObject { ["model"] = new JsonObject { ["id"] = "org/model" } });
        foreach (var (_, spec) in Leaves(SpecSchema(), "").Where(l => l.Path == path))
        {
            var changed = spec.DeepClone().AsObject();
            changed["model"] ??= new JsonObject();
            changed["model"]!["id"] ??= "org/model";
            var deployment = Deployment(changed);
            var named = _runtime.Unsupported(deployment).Any(f => Matches(f.Path, path));
            var rendered = named || _runtime.Render(deployment).ToJsonString() != _runtime.Render(plain).ToJsonString();
            Assert.True(named || rendered, $"spec.{path} is dropped silently: {changed.ToJsonString()}");
        }
    }

    // `spec.env[].valueFrom` speaks for all that is inside it, `spec.scaling.prefill/decode` for both.
    private static bool Matches(string unsupported, string path)
    {
        var field = "spec." + path.Replace("[]", "", StringComparison.Ordinal);
        return unsupported.Replace("[]", "", StringComparison.Ordinal).Split('/') is var parts
            && parts.Select((p, i) => i == 0 ? p : parts[0][..(parts[0].LastIndexOf('.') + 1)] + p).Any(p => field == p || field.StartsWith(p + ".", StringComparison.Ordinal));
    }

    private static ModelDeployment Deployment(JsonObject spec) => new()
    {
        Metadata = new() { Name = "a", Namespace = "default", Uid = "u" },
        Spec = spec.Deserialize(SlipwayJson.Default.ModelDeploymentSpec)!,
    };

    private static JsonObject SpecSchema() => JsonNode.Parse(CustomResources.Read("modeldeployments.airunway.ai"))!
        ["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!.AsObject();

    /// <summary>Each leaf of a schema with an object in which it alone is set, to something other than its default.</summary>
    private static IEnumerable<(string Path, JsonNode Value)> Leaves(JsonObject schema, string path)
    {
        if (schema["properties"] is JsonObject properties)
        {
            foreach (var (name, property) in properties)
            {
                foreach (var (inner, value) in Leaves(property!.AsObject(), path.Length == 0 ? name : $"{path}.{name}"))
                {
                    var whole = new JsonObject { [name] = value };
                    foreach (var required in schema["required"]?.AsArray().Select(r => (string)r!).Where(r => r != name) ?? [])
                        whole[required] = properties[required]!["properties"] is null ? Sample(properties[required]!.AsObject()).First() : null;
                    yield return (inner, whole);
                }
            }
        }
        else if (schema["items"] is JsonObject items)
        {
            foreach (var (inner, value) in Leaves(items, items["properties"] is null ? path : $"{path}[]")) yield return (inner, new JsonArray(value));
        }
        else
        {
            foreach (var value in Sample(schema)) yield return (path, value);
        }
    }

    private static IEnumerable<JsonNode> Sample(JsonObject schema)
    {
        if (schema["additionalProperties"] is not null) return [new JsonObject { ["key"] = "value" }];
        if (schema["enum"] is JsonArray values)
            return values.Where(v => !JsonNode.DeepEquals(v, schema["default"])).Select(v => v!.DeepClone());
        return (string?)schema["type"] switch
        {
            "boolean" => [JsonValue.Create((bool?)schema["default"] != true)],
            "integer" => [JsonValue.Create(7)],
            "object" => [new JsonObject { ["anything"] = 1 }],
            _ => [JsonValue.Create("7")],
        };
    }
}
