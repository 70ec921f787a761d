using Slipway.Cel;
using Slipway.Runtimes.Dynamo;
using Slipway.Runtimes.Kaito;
using Slipway.Runtimes.KubeRay;

namespace Slipway.Runtimes.Tests.Selection;

public sealed class SelectionRuleTests
{
    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("spec", CelType.Map(CelType.String, CelType.Dyn));

    [Theory]
    [InlineData("""{"engine":{"type":"vllm"}}""", 0, 0, 0)]
    [InlineData("""{"engine":{"type":"vllm"},"resources":{"gpu":{"count":1}}}""", 0, 50, 0)]
    [InlineData("""{"engine":{"type":"vllm"},"resources":{"gpu":{"count":2}}}""", 0, 50, 80)]
    [InlineData("""{"resources":{"gpu":{"count":2}}}""", 0, 0, 0)]
    [InlineData("""{"engine":{"type":"vllm"},"resources":{"memory":"1Gi"}}""", 0, 0, 0)]
    [InlineData("""{"engine":{"type":"vllm"},"serving":{"mode":"disaggregated"}}""", 0, 90, 0)]
    [InlineData("""{"engine":{"type":"sglang"}}""", 0, 100, 0)]
    [InlineData("""{"engine":{"type":"trtllm"}}""", 0, 100, 0)]
    [InlineData("""{"engine":{"type":"llamacpp"}}""", 100, 0, 0)]
    [InlineData("{}", 0, 0, 0)]
    public void A_deployment_is_wanted_as_much_as_AI_Runway_has_it(string spec, int kaito, int dynamo, int kuberay)
    {
        Assert.Equal(kaito, Priority(new KaitoRuntime(), spec));
        Assert.Equal(dynamo, Priority(new DynamoRuntime(), spec));
        Assert.Equal(kuberay, Priority(new KubeRayRuntime(), spec));
    }

    // A rule that fails would be passed over in silence, so that none may: `has()` of a field of something absent does.
    private static int Priority(IRuntime runtime, string spec)
    {
        var variables = new Dictionary<string, CelValue> { ["spec"] = CelValue.FromJson(System.Text.Json.JsonDocument.Parse(spec).RootElement) };
        return runtime.Descriptor.Spec.SelectionRules!.Select(rule =>
        {
            var result = s_environment.Compile(rule.Condition).Program!.Evaluate(variables);
            Assert.True(result.IsSuccess, $"{rule.Condition}: {result.Error}");
            return result.IsTrue ? rule.Priority!.Value : 0;
        }).Max();
    }
}
