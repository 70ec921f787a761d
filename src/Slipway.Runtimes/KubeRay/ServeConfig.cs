using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;

namespace Slipway.Runtimes.KubeRay;

/// <summary>What Ray Serve is to run: `serveConfigV2`, one application of `ray.serve.llm` with one model.</summary>
/// <remarks>The fields are those of Ray 2.56 (`LLMConfig` of ray/llm/_internal/serve/core/configs/llm_config.py).</remarks>
internal static class ServeConfig
{
    private static readonly JsonWriterOptions s_readable =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The text, in JSON, which is YAML too.</summary>
    public static string Write(KubeRayPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_readable)) Config(plan).WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static JsonObject Config(KubeRayPlan plan) => new()
    {
        ["applications"] = new JsonArray(new JsonObject
        {
            ["name"] = KubeRayPlan.Application,
            ["import_path"] = "ray.serve.llm:build_openai_app",
            ["route_prefix"] = "/",
            ["args"] = new JsonObject { ["llm_configs"] = new JsonArray(Model(plan)) },
        }),
    };

    private static JsonObject Model(KubeRayPlan plan)
    {
        var kwargs = plan.Kwargs;
        return new JsonObject
        {
            ["model_loading_config"] = new JsonObject
            {
                ["model_id"] = ServedModel.Name(plan.Deployment),
                ["model_source"] = plan.Spec.Model.Id,
            },
            ["engine_kwargs"] = new JsonObject(kwargs.Values),
            ["deployment_config"] = new JsonObject { ["autoscaling_config"] = Replicas(plan) },
            ["placement_group_config"] = new JsonObject
            {
                ["bundles"] = new JsonArray([.. Enumerable.Range(0, kwargs.Accelerators).Select(_ => new JsonObject { ["GPU"] = 1 })]),
                // A replica that fits one pod stays in one: over two pods its layers would talk over the network.
                ["strategy"] = plan.Nodes == 1 ? "STRICT_PACK" : "PACK",
            },
        };
    }

    // A fixed number is a range of one: Ray LLM lays this block over defaults of its own, which a bare `num_replicas` would stand against.
    private static JsonObject Replicas(KubeRayPlan plan)
    {
        var replicas = new JsonObject { ["min_replicas"] = plan.Fewest, ["max_replicas"] = plan.Most };
        if (!plan.Scales) return replicas;
        if (plan.First > plan.Fewest) replicas["initial_replicas"] = plan.First;
        replicas["target_ongoing_requests"] = plan.Target;
        return replicas;
    }
}
