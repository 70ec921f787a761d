using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.LlmD;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.LlmD;

public sealed class LlmDRulesTests
{
    private const string Split = """{"model":{"id":"o/m"},"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"},"scaling":{"prefill":{"gpu":{"count":2}},"decode":{"gpu":{"count":4}}}}""";
    private readonly LlmDRuntime _runtime = new();

    [Fact]
    public void It_is_chosen_only_by_name_and_its_pool_is_the_one_that_it_promises()
    {
        var gateway = Assert.Single(_runtime.Descriptor.Spec.Capabilities!.Engines!).Gateway!;
        var pool = _runtime.Render(Manifest.Of(Split, "chat"), UpstreamCluster.Apis).Single(o => (string)o["kind"]! == "InferencePool");

        Assert.True(gateway.ManagesInferencePool == true);
        Assert.Equal("chat", (string)pool["metadata"]!["name"]!);
        Assert.Equal("chat", gateway.InferencePoolNamePattern!.Replace("{name}", "chat", StringComparison.Ordinal));
    }

    [Fact]
    public void The_pool_has_the_first_pod_of_each_group_of_both_roles_and_no_other()
    {
        foreach (var name in Golden.Cases("LlmD").Select(c => c.Data))
        {
            var rendered = _runtime.Render(Golden.Deployment("LlmD", name), UpstreamCluster.Apis);
            var wanted = rendered.Single(o => (string)o["kind"]! == "InferencePool")["spec"]!["selector"]!["matchLabels"]!.AsObject();
            bool Selects(JsonNode template) => wanted.All(l => (string?)template["metadata"]!["labels"]![l.Key] == (string?)l.Value);

            foreach (var workload in rendered)
            {
                var role = (string?)workload["metadata"]!["labels"]!["llm-d.ai/role"];
                if (workload["spec"]?["template"] is { } template) Assert.Equal(role is not null, Selects(template));
                if (workload["spec"]?["leaderWorkerTemplate"] is not { } group) continue;
                Assert.True(Selects(group["leaderTemplate"]!));
                Assert.False(Selects(group["workerTemplate"]!));
            }
        }
    }

    [Fact]
    public void No_two_deployments_share_an_object_even_if_one_is_called_after_a_part_of_the_other()
    {
        IEnumerable<string> Objects(string name) => _runtime.Render(Manifest.Of(Split, name), UpstreamCluster.Apis).Select(o => $"{o["kind"]} {o["metadata"]!["name"]}");

        Assert.Empty(Objects("chat").Intersect(Objects("chat-prefill").Concat(Objects("chat-epp")).Concat(Objects("chat-decode"))));
    }

    [Fact]
    public void The_picker_starts_again_when_its_configuration_changes()
    {
        string Digest(string config) => (string)_runtime.Render(Overridden("""{"endpointPicker":{"config":"TEXT"}}""".Replace("TEXT", config, StringComparison.Ordinal)), UpstreamCluster.Apis)
            .Single(o => (string)o["kind"]! == "Deployment" && ((string)o["metadata"]!["name"]!).Contains("-epp-", StringComparison.Ordinal))
            ["spec"]!["template"]!["metadata"]!["annotations"]!["slipway.dev/config"]!;

        Assert.NotEqual(Digest("a: 1"), Digest("a: 2"));
    }

    [Theory]
    [InlineData("""{"endpointPicker":{"config":"a: 1"}}""", true)]
    [InlineData("""{"endpointPicker":{"resources":{"requests":{"cpu":"2"}}}}""", true)]
    [InlineData("""{"spec":{"strategy":{"type":"Recreate"}}}""", true)]
    [InlineData("""{"endpointPicker":{"image":"mine"}}""", false)]
    [InlineData("""{"endpointPicker":{"serviceAccountName":"admin"}}""", false)]
    [InlineData("""{"spec":{"template":{"spec":{"initContainers":[]}}}}""", false)]
    public void Overrides_reach_what_gives_nobody_more_rights(string overrides, bool allowed)
    {
        var deployment = Overridden(overrides);

        Assert.Equal(allowed, !_runtime.Unsupported(deployment).Any(f => f.Blocking));
        if (allowed) Assert.Null(_runtime.Rendered(deployment)["endpointPicker"]);
    }

    [Theory]
    [InlineData(""","parallelism":{"pipeline":2}""", "spec.parallelism.pipeline")]
    [InlineData(""","parallelism":{"tensor":4}""", "spec.parallelism")]
    [InlineData(""","resources":{"nodes":2}""", "spec.resources.nodes")]
    public void What_prefill_and_decode_cannot_share_is_refused(string further, string path) =>
        Assert.True(_runtime.Refusal(Manifest.Of(Split[..^1] + further + "}"), path)?.Blocking);

    [Theory]
    [InlineData(""","parallelism":{"tensor":2}""")]
    [InlineData(""","parallelism":{"data":2}""")]
    [InlineData(""","parallelism":{"pipeline":1,"expert":true}""")]
    public void Parallelism_that_divides_both_roles_is_taken(string further)
    {
        var spec = Split.Replace("\"count\":4", "\"count\":2", StringComparison.Ordinal)[..^1] + further + "}";

        Assert.DoesNotContain(_runtime.Unsupported(Manifest.Of(spec)), f => f.Blocking);
    }

    [Fact]
    public void The_transfer_belongs_to_the_runtime_only_where_there_is_one()
    {
        const string Args = "\"args\":{\"kv-transfer-config\":\"{}\"},";
        var aggregated = """{"model":{"id":"o/m"},"engine":{ARGS"type":"vllm"},"resources":{"gpu":{"count":1}}}""".Replace("ARGS", Args, StringComparison.Ordinal);

        Assert.DoesNotContain(_runtime.Unsupported(Manifest.Of(aggregated)), f => f.Blocking);
        Assert.True(_runtime.Refusal(Manifest.Of(Split.Replace("\"engine\":{", "\"engine\":{" + Args, StringComparison.Ordinal)), "spec.engine.args[kv-transfer-config]")?.Blocking);
    }

    [Fact]
    public void Stages_are_not_made_of_a_role_over_nodes()
    {
        var rendered = _runtime.Rendered(Manifest.Of(Split.Replace("\"decode\":{", "\"decode\":{\"nodes\":2,", StringComparison.Ordinal)));
        var arguments = rendered["spec"]!["leaderWorkerTemplate"]!["leaderTemplate"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(a => (string)a!).ToList();

        Assert.DoesNotContain("--pipeline-parallel-size", arguments);
        Assert.Equal("8", arguments[arguments.IndexOf("--tensor-parallel-size") + 1]);
    }

    [Fact]
    public void The_picker_reads_and_nothing_more()
    {
        var role = _runtime.Render(Manifest.Of(Split), UpstreamCluster.Apis).Single(o => (string)o["kind"]! == "Role");

        Assert.All(role["rules"]!.AsArray(), r => Assert.Equal(["get", "list", "watch"], r!["verbs"]!.AsArray().Select(v => (string)v!)));
        Assert.DoesNotContain("secrets", role.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rendered_kind_is_declared()
    {
        var kinds = _runtime.Descriptor.Others.Prepend(_runtime.Descriptor.Object).Select(k => k.Kind).ToImmutableHashSet();

        foreach (var name in Golden.Cases("LlmD").Select(c => c.Data))
            Assert.All(_runtime.Render(Golden.Deployment("LlmD", name), UpstreamCluster.Apis), o => Assert.Contains((string)o["kind"]!, kinds));
    }

    private static ModelDeployment Overridden(string overrides) => Manifest.Of($"{Split[..^1]},\"provider\":{{\"overrides\":{overrides}}}}}");
}
