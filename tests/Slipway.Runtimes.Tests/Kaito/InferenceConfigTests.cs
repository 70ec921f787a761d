using CsCheck;
using Slipway.Api.ModelDeployments;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.Tests.Harness;
using YamlDotNet.RepresentationModel;

namespace Slipway.Runtimes.Tests.Kaito;

/// <summary>The file is read here as KAITO reads it, and turned into the words that its vLLM is started with.</summary>
public sealed class InferenceConfigTests
{
    private readonly KaitoRuntime _runtime = new();

    [Fact]
    public void A_switch_takes_no_word_that_would_be_its_value() => Assert.Equal(
        ["--enforce-eager", "--served-model-name=model", "--max-model-len", "4096", "--served-model-name", "model", "--trust-remote-code", "--served-model-name=model"],
        Words("""{"model":{"id":"org/model"},"engine":{"type":"vllm","contextLength":4096,"enforceEager":true,"trustRemoteCode":true}}"""));

    [Fact]
    public void Code_of_a_model_runs_only_when_the_manifest_says_so()
    {
        Assert.Contains("--no-trust-remote-code", Words("""{"model":{"id":"org/model"},"engine":{"type":"vllm"}}"""));
        Assert.DoesNotContain("--no-trust-remote-code", Words("""{"model":{"id":"org/model"},"engine":{"type":"vllm","args":{"trust-remote-code":""}}}"""));
    }

    [Fact]
    public void Further_flags_are_taken_apart() => Assert.Equal(
        ["--a", "1", "--b", "-2", "--c", "--served-model-name=model", "--d", "x=y", "--no-trust-remote-code", "--served-model-name=model", "--served-model-name", "model"],
        Words("""{"model":{"id":"org/model"},"engine":{"type":"vllm","extraArgs":["--a=1","--b","-2","--c","--d=x=y"]}}"""));

    [Fact]
    public void Any_value_reaches_vLLM_as_it_was_written() => Gen.String.Sample(value =>
    {
        if (value.Length == 0 || value.Any(char.IsSurrogate)) return;
        var deployment = Manifest.Of("""{"model":{"id":"org/model"},"engine":{"type":"vllm"}}""");
        deployment = deployment with { Spec = deployment.Spec with { Engine = deployment.Spec.Engine! with { Args = new Dictionary<string, string> { ["x"] = value } } } };
        var words = Words(deployment).ToList();
        Assert.Equal(value, words[words.IndexOf("--x") + 1]);
    });

    private IEnumerable<string> Words(string spec) => Words(Manifest.Of(spec));

    private IEnumerable<string> Words(ModelDeployment deployment)
    {
        var stream = new YamlStream();
        using var reader = new StringReader((string)_runtime.Render(deployment, UpstreamCluster.Apis)[1]["data"]!["inference_config.yaml"]!);
        stream.Load(reader);
        var flags = (YamlMappingNode)stream.Documents[0].RootNode["vllm"];
        return flags.Children.SelectMany(f => new[] { $"--{f.Key}", f.Value.ToString() });
    }
}
