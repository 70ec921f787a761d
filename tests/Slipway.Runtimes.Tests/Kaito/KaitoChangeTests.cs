using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Kaito;

/// <summary>What KAITO rolls out by itself, and what makes a Workspace anew.</summary>
public sealed class KaitoChangeTests
{
    private const string Preset = """{"model":{"id":"org/model"},"engine":{"type":"vllm"}}""";
    private const string Set = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"scaling":{"replicas":2}}""";
    private const string Llama = """{"model":{"id":"org/model"},"engine":{"type":"llamacpp"}}""";

    private readonly KaitoRuntime _runtime = new();

    [Theory]
    [InlineData(Preset, """{"model":{"id":"org/other"},"engine":{"type":"vllm"}}""")]
    [InlineData(Preset, """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"secrets":{"huggingFaceToken":"t"}}""")]
    [InlineData(Preset, """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"nodeSelector":{"disk":"fast"}}""")]
    [InlineData(Llama, """{"model":{"id":"org/model"},"engine":{"type":"llamacpp","contextLength":8192}}""")]
    [InlineData(Llama, """{"model":{"id":"org/model"},"engine":{"type":"llamacpp","image":"mine:1"}}""")]
    [InlineData(Set, """{"model":{"id":"org/model"},"engine":{"type":"vllm","contextLength":8192},"scaling":{"replicas":2}}""")]
    public void What_KAITO_does_not_roll_out_makes_it_anew(string before, string after) => Assert.NotEqual(Identity(before), Identity(after));

    [Theory]
    [InlineData(Preset, """{"model":{"id":"org/model"},"engine":{"type":"vllm","contextLength":8192}}""")]
    [InlineData(Preset, """{"model":{"id":"org/model","adapters":[{"name":"a","image":"a:1"}]},"engine":{"type":"vllm"}}""")]
    [InlineData(Set, """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"scaling":{"replicas":3}}""")]
    public void What_KAITO_rolls_out_stays_and_changes(string before, string after)
    {
        Assert.Equal(Identity(before), Identity(after));
        Assert.NotEqual(_runtime.Rendered(Manifest.Of(before)).ToJsonString(), _runtime.Rendered(Manifest.Of(after)).ToJsonString());
    }

    [Fact]
    public void Other_flags_are_another_ConfigMap_since_KAITO_does_not_look_inside()
    {
        var before = _runtime.Render(Manifest.Of(Preset), UpstreamCluster.Apis);
        var after = _runtime.Render(Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"vllm","contextLength":8192}}"""), UpstreamCluster.Apis);
        Assert.NotEqual((string?)before[1]["metadata"]!["name"], (string?)after[1]["metadata"]!["name"]);
        Assert.Equal((string?)after[1]["metadata"]!["name"], (string?)after[0]["inference"]!["config"]);
    }

    private string Identity(string spec) => _runtime.Rendered(Manifest.Of(spec)).Identity();
}
