using System.Text.Json.Nodes;
using Slipway.Runtimes.KubeRay;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.KubeRay;

public sealed class KubeRayEveryFieldTests
{
    private readonly KubeRayRuntime _runtime = new();

    public static TheoryData<string> Fields => EveryField.Paths;

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named(string path) => Check(path, "{}");

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named_where_replicas_follow_the_load(string path) =>
        Check(path, """{"scaling":{"autoscaling":{"maxReplicas":9,"target":32}}}""");

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_changes_the_render_or_is_named_over_nodes(string path) => Check(path, """{"resources":{"gpu":{"count":8},"nodes":2},"scaling":{"replicas":2}}""");

    private void Check(string path, string more)
    {
        var spec = JsonNode.Parse(more)!.AsObject();
        spec["model"] = new JsonObject { ["id"] = "org/model" };
        spec["engine"] = new JsonObject { ["type"] = "vllm" };
        spec.TryAdd("resources", JsonNode.Parse("""{"gpu":{"count":1}}"""));
        EveryField.IsHonouredOrNamed(_runtime, path, spec, UpstreamCluster.Apis);
    }
}
