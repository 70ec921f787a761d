using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Cel;

namespace Slipway.Runtimes.Tests.Accelerators;

/// <summary>The selectors that are rendered, evaluated as the scheduler does.</summary>
public sealed class SelectorTests
{
    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("device", CelType.Dyn);

    // Random constraints: each has a value of its own, which must be found in the claim.
    private static readonly Gen<Dictionary<string, string>> s_asked = Gen.Select(
        Gen.Bool.Array[9], Gen.Char["abcXYZ019 \"\\'.${}é"].Array[1, 12], (given, text) => Constraints(given, new string(text)));

    [Fact]
    public void No_constraint_disappears_between_spec_and_claim() => s_asked.Sample(asked =>
    {
        var json = "{\"mode\":\"DRA\"" + string.Concat(asked.Select(a => $",{a.Value}")) + "}";
        var claim = AcceleratorTests.TemplateOf("vllm", json)["spec"]!["spec"]!;
        var without = AcceleratorTests.TemplateOf("vllm", """{"mode":"DRA"}""")["spec"]!["spec"]!;
        if (asked.Count > 0) Assert.False(JsonNode.DeepEquals(claim, without));
        foreach (var name in asked.Keys)
        {
            var less = "{\"mode\":\"DRA\"" + string.Concat(asked.Where(a => a.Key != name).Select(a => $",{a.Value}")) + "}";
            Assert.False(JsonNode.DeepEquals(claim, AcceleratorTests.TemplateOf("vllm", less)["spec"]!["spec"]!), $"{name} is not in the claim of {json}");
        }

        foreach (var expression in Expressions(claim)) Assert.True(s_environment.Compile(expression).IsSuccess, expression);
    });

    [Theory]
    [InlineData("""{"minMemory":"80G"}""", true)]
    [InlineData("""{"minMemory":"80Gi"}""", false)]
    [InlineData("""{"minMemory":"81559Mi"}""", true)]
    [InlineData("""{"models":["NVIDIA H200","NVIDIA H100"]}""", true)]
    [InlineData("""{"models":["NVIDIA A100"]}""", false)]
    [InlineData("""{"architectures":["Hopper"]}""", true)]
    [InlineData("""{"attributes":[{"key":"gpu.nvidia.com/cudaComputeCapability","operator":"AtLeast","type":"Version","values":["8.9.0"]}]}""", true)]
    [InlineData("""{"attributes":[{"key":"gpu.nvidia.com/cudaComputeCapability","operator":"AtLeast","type":"Version","values":["10.0.0"]}]}""", false)]
    [InlineData("""{"attributes":[{"key":"gpu.nvidia.com/brand","operator":"NotIn","values":["GeForce"]}]}""", true)]
    [InlineData("""{"attributes":[{"key":"other.domain/x","operator":"DoesNotExist"}]}""", true)]
    public void An_H100_is_chosen_or_not(string asked, bool chosen) => Assert.Equal(chosen, Matches(asked, H100()));

    [Theory]
    [InlineData("""{"minMemory":"1G"}""")]
    [InlineData("""{"models":["NVIDIA"]}""")]
    [InlineData("""{"architectures":["Hopper"]}""")]
    [InlineData("""{"partition":{"profile":"3g.40gb"}}""")]
    [InlineData("""{"attributes":[{"key":"gpu.nvidia.com/x","values":["y"]}]}""")]
    [InlineData("""{"attributes":[{"key":"gpu.nvidia.com/x","operator":"AtMost","type":"Int","values":["1"]}]}""")]
    public void A_device_that_says_nothing_is_passed_over_without_an_error(string asked) =>
        Assert.False(Matches(asked, Device([], [])));

    private static bool Matches(string asked, Dictionary<string, CelValue> device)
    {
        foreach (var expression in Expressions(AcceleratorTests.TemplateOf("vllm", asked)["spec"]!["spec"]!))
        {
            var result = s_environment.Compile(expression).Program!.Evaluate(device);
            Assert.True(result.IsSuccess, $"{expression}: {result.Error}");
            if (!result.IsTrue) return false;
        }

        return true;
    }

    private static IEnumerable<string> Expressions(JsonNode claim) =>
        claim["devices"]!["requests"]!.AsArray().SelectMany(r => r!["firstAvailable"]?.AsArray().Select(a => a!) ?? [r["exactly"]!])
            .SelectMany(r => r["selectors"]?.AsArray().Select(s => (string)s!["cel"]!["expression"]!) ?? []);

    private static Dictionary<string, CelValue> H100() => Device(
        new() { ["productName"] = "\"NVIDIA H100 80GB HBM3\"", ["architecture"] = "\"Hopper\"", ["brand"] = "\"Nvidia\"", ["cudaComputeCapability"] = "semver(\"9.0.0\")" },
        new() { ["memory"] = "quantity(\"81559Mi\")" });

    // Written in CEL, for its values of versions and quantities; a domain that a device lacks is an empty map, as in the scheduler.
    private static Dictionary<string, CelValue> Device(Dictionary<string, string> attributes, Dictionary<string, string> capacity)
    {
        string Map(Dictionary<string, string> names) => $"{{\"gpu.nvidia.com\": {{{string.Join(", ", names.Select(n => $"\"{n.Key}\": {n.Value}"))}}}, \"other.domain\": {{}}}}";
        var text = $"{{\"driver\": \"gpu.nvidia.com\", \"attributes\": {Map(attributes)}, \"capacity\": {Map(capacity)}}}";
        var compilation = CelEnvironment.Kubernetes.WithoutCheck().Compile(text);
        return new() { ["device"] = compilation.Program!.Evaluate(new Dictionary<string, CelValue>()).Value! };
    }

    private static Dictionary<string, string> Constraints(bool[] given, string text)
    {
        var quoted = JsonValue.Create(text).ToJsonString();
        (string Name, string Json)[] all =
        [
            ("count", "\"count\":3"), ("minMemory", "\"minMemory\":\"80G\""), ("models", $"\"models\":[{quoted}]"), ("architectures", $"\"architectures\":[{quoted}]"),
            ("attributes", $"\"attributes\":[{{\"key\":\"gpu.nvidia.com/brand\",\"values\":[{quoted}]}}]"), ("selectors", "\"selectors\":[\"device.driver != 'x'\"]"),
            ("partition", $"\"partition\":{{\"profile\":{quoted}}}"), ("capacity", "\"capacity\":{\"memory\":\"30G\"}"), ("matchAttribute", "\"matchAttribute\":[\"gpu.nvidia.com/productName\"]"),
        ];
        return all.Where((_, i) => given[i]).ToDictionary(c => c.Name, c => c.Json);
    }
}
