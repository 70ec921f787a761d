using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Objects;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Objects;

/// <summary>Overrides give nobody rights, for every runtime that runs in a cluster.</summary>
public sealed class OverridesTests
{
    private const string Plain = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"resources":{"gpu":{"count":1}}}""";

    // Each as it stands in a pod's spec, with a value that would do harm.
    private static readonly (string Key, string Value)[] s_harmful =
    [
        ("hostNetwork", "true"), ("hostPID", "true"), ("hostIPC", "true"), ("serviceAccountName", "\"admin\""), ("automountServiceAccountToken", "true"),
        ("nodeName", "\"harm\""), ("volumes", """[{"name":"harm","hostPath":{"path":"/"}}]"""), ("containers", """[{"name":"harm","image":"harm"}]"""),
        ("initContainers", """[{"name":"harm","image":"harm"}]"""), ("ephemeralContainers", """[{"name":"harm"}]"""), ("securityContext", """{"privileged":true,"runAsUser":0}"""),
        ("command", """["harm"]"""), ("lifecycle", """{"preStop":{"exec":{"command":["harm"]}}}"""), ("image", "\"harm\""),
    ];

    public static TheoryData<string> Runtimes => [.. ClusterRuntimes.All().Select(r => r.Descriptor.Name)];

    [Theory]
    [MemberData(nameof(Runtimes))]
    public void A_harmful_override_is_refused_or_reaches_nothing_wherever_it_is_put(string name)
    {
        var runtime = Runtime(name);
        var plain = Manifest.Of(Plain);
        var places = Places(runtime.Rendered(plain)).Concat(runtime.Descriptor.Overridable.Select(p => p.Split('.'))).ToArray();
        Gen.Select(Gen.Int[0, places.Length - 1].Select(i => places[i]), Gen.Int[0, s_harmful.Length - 1].Select(i => s_harmful[i]), Gen.Bool).Sample(
            (place, harm, inList) =>
            {
                var leaf = new JsonObject { [harm.Key] = JsonNode.Parse(harm.Value) };
                var overrides = place.Reverse().Aggregate(inList ? (JsonNode)new JsonArray(leaf) : leaf, (inner, key) => new JsonObject { [key] = inner });
                if (overrides is not JsonObject) return;
                var deployment = With(plain, overrides.ToJsonString());
                if (runtime.Unsupported(deployment).Any(f => f.Blocking)) return;
                // What is taken may be no more than an image among the options of a preset, where the kind has no container.
                Assert.True(harm.Key == "image", $"{name} takes {overrides.ToJsonString()}");
                Assert.Equal(Pods(runtime.Rendered(plain)), Pods(runtime.Rendered(deployment)));
            },
            iter: 2_000);
    }

    [Theory]
    [InlineData("kuberay", """{"spec":{"upgradeStrategy":[1]}}""")]
    [InlineData("kuberay", """{"spec":{"upgradeStrategy":null}}""")]
    [InlineData("vllm", """{"spec":{"strategy":{"type":{"a":1}}}}""")]
    [InlineData("vllm", """{"spec":{"strategy":7}}""")]
    public void A_value_of_the_wrong_type_is_left_to_the_cluster_to_refuse(string name, string overrides) =>
        Assert.NotEmpty(Runtime(name).Rendered(With(Manifest.Of(Plain), overrides)));

    [Fact]
    public void A_slip_is_answered_with_the_nearest_path_that_is_allowed()
    {
        var refused = Assert.Single(Overrides.Refused(With(Manifest.Of(Plain), """{"spec":{"stratgy":{"type":"Recreate"}}}"""), Runtime("vllm").Descriptor.Overridable));
        Assert.Equal("spec.provider.overrides.spec.stratgy.type", refused.Path);
        Assert.StartsWith("may not be overridden: the nearest that may is spec.strategy; allowed are ", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_runtime_may_have_overridden_is_refused_below_an_allowed_path_too()
    {
        var refused = Assert.Single(Overrides.Refused(With(Manifest.Of(Plain), """{"spec":{"template":[{"hostPath":{"path":"/"}}]}}"""), ["spec.template"]));
        Assert.Equal("spec.provider.overrides.spec.template", refused.Path);
        Assert.StartsWith("\"hostPath\" may be overridden for no runtime", refused.Why, StringComparison.Ordinal);
    }

    private static IRuntime Runtime(string name) => ClusterRuntimes.All().Single(r => r.Descriptor.Name == name);

    private static ModelDeployment With(ModelDeployment plain, string overrides) =>
        plain with { Spec = plain.Spec with { Provider = new() { Overrides = JsonDocument.Parse(overrides).RootElement } } };

    // Every object inside a rendered one, by the names that lead there.
    private static IEnumerable<string[]> Places(JsonObject from) =>
        from.SelectMany(p => p.Value is JsonObject inner ? Places(inner).Select(rest => (string[])[p.Key, .. rest]) : []).Prepend([]);

    private static string Pods(JsonNode? node) => node switch
    {
        JsonObject pod when pod.ContainsKey("containers") => string.Concat(s_harmful.Select(h => $"{h.Key} {pod[h.Key]?.ToJsonString()}\n")),
        JsonObject inner => string.Concat(inner.Select(p => Pods(p.Value))),
        JsonArray list => string.Concat(list.Select(Pods)),
        _ => "",
    };
}
