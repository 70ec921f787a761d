using System.Text.Json.Nodes;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Kaito;

public sealed class KaitoEveryFieldTests
{
    private readonly KaitoRuntime _runtime = new();

    public static TheoryData<string> Fields => EveryField.Paths;

    [Theory]
    [MemberData(nameof(Fields))]
    public void With_a_preset_a_field_changes_the_render_or_is_named(string path) => Check(path, "vllm", """{"gpu":{"count":1}}""");

    [Theory]
    [MemberData(nameof(Fields))]
    public void With_llama_cpp_a_field_changes_the_render_or_is_named(string path) => Check(path, "llamacpp", "{}");

    [Theory]
    [MemberData(nameof(Fields))]
    public void Replicas_of_a_preset_honour_a_field_or_name_it(string path)
    {
        if (path == "scaling.replicas") return;
        Check(path, "vllm", """{"gpu":{"count":1}}""", replicas: 7);
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void Nodes_made_for_a_model_honour_a_field_or_name_it(string path) => EveryField.IsHonouredOrNamed(
        new KaitoRuntime(new KaitoOptions { AutoProvisioning = true, GpuInstanceType = "Standard_NC24ads_A100_v4" }), path, Spec("vllm", """{"gpu":{"count":1}}"""), UpstreamCluster.Apis);

    private void Check(string path, string engine, string resources, int? replicas = null)
    {
        var spec = Spec(engine, resources);
        if (replicas is not null) spec["scaling"] = new JsonObject { ["replicas"] = replicas };
        EveryField.IsHonouredOrNamed(_runtime, path, spec, UpstreamCluster.Apis);
    }

    private static JsonObject Spec(string engine, string resources) => new()
    {
        ["model"] = new JsonObject { ["id"] = "org/model" },
        ["engine"] = new JsonObject { ["type"] = engine },
        ["resources"] = JsonNode.Parse(resources),
    };
}
