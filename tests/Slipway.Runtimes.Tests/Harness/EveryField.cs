using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Api.Crds;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.Tests.Harness;

/// <summary>Every field of the shared API is honoured or refused by name: each one, set alone, changes the render or is named.</summary>
internal static class EveryField
{
    // The core's own: they choose runtime and engine, route, wait, or are read before a runtime is asked.
    private static readonly HashSet<string> s_core = ["provider.name", "engine.type", "gateway.enabled", "gateway.modelName", "gateway.httpRouteRef", "gateway.poolRef", "progressDeadlineSeconds"];

    // Says by which way what is beside it is asked for, and nothing by itself: AcceleratorTests.
    private const string Way = "accelerators.mode";

    /// <summary>All fields of the spec but the core's own.</summary>
    public static TheoryData<string> Paths => [.. Leaves(SpecSchema(), "").Select(l => l.Path).Where(p => !s_core.Contains(p) && !p.EndsWith(Way, StringComparison.Ordinal)).Distinct()];

    /// <summary>Asserts that a field is honoured or named.</summary>
    /// <param name="runtime">The runtime.</param>
    /// <param name="path">The field.</param>
    /// <param name="plain">An effective spec that the runtime takes, on top of which the field is set.</param>
    /// <param name="apis">What the cluster serves.</param>
    public static void IsHonouredOrNamed(IRuntime runtime, string path, JsonObject plain, ClusterApis apis)
    {
        var before = Text(runtime, Deployment(plain), apis);
        foreach (var (_, value) in Leaves(SpecSchema(), "").Where(l => l.Path == path))
        {
            var changed = plain.DeepClone().AsObject();
            Merge(changed, value.AsObject());
            var deployment = Deployment(changed);
            var unsupported = runtime.Unsupported(deployment);
            var named = unsupported.Any(f => Names(f.Path, path));
            var rendered = named || (!unsupported.Any(f => f.Blocking) && Text(runtime, deployment, apis) != before);
            Assert.True(named || rendered, $"spec.{path} is dropped silently: {changed.ToJsonString()}; named are {string.Join(", ", unsupported.Select(f => f.Path))}");
        }
    }

    public static ModelDeployment Deployment(JsonObject spec) => new()
    {
        Metadata = new() { Name = "a", Namespace = "default", Uid = "u" },
        Spec = spec.Deserialize(SlipwayJson.Default.ModelDeploymentSpec)!,
    };

    private static string Text(IRuntime runtime, ModelDeployment deployment, ClusterApis apis) =>
        // Whether a deployment without gangs is made at all is said with the gangs.
        string.Join('\n', runtime.Render(deployment, apis).Select(o => o.ToJsonString()).Append(runtime.Gang(deployment, apis)?.ToString()));

    // `spec.env[].valueFrom` speaks for all that is inside it, `spec.scaling.prefill/decode` for both; `[name]` stands for one of a list.
    private static bool Names(string unsupported, string path)
    {
        var field = "spec." + path.Replace("[]", "", StringComparison.Ordinal);
        var parts = System.Text.RegularExpressions.Regex.Replace(unsupported, @"\[[^\]]*\]", "").Split('/');
        return parts.Select((p, i) => i == 0 ? p : parts[0][..(parts[0].LastIndexOf('.') + 1)] + p)
            .Any(p => field == p || field.StartsWith(p + ".", StringComparison.Ordinal) || p.StartsWith(field + ".", StringComparison.Ordinal));
    }

    private static void Merge(JsonObject target, JsonObject source)
    {
        foreach (var (key, value) in source)
        {
            if (value is JsonObject inner && target[key] is JsonObject there) Merge(there, inner);
            else if (value is not null || target[key] is null) target[key] = value?.DeepClone();
        }
    }

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
