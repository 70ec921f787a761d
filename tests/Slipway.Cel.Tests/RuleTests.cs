using System.Text.Json;

namespace Slipway.Cel.Tests;

/// <summary>How a rule over a JSON specification is written and what its failures say.</summary>
public sealed class RuleTests
{
    private const string Rule = "has(spec.resources.gpu) && spec.resources.gpu.count > 1 && spec.engine.type == 'vllm'";

    private static readonly CelEnvironment s_environment = CelEnvironment.Kubernetes.WithVariable("spec", CelType.Map(CelType.String, CelType.Dyn));

    [Theory]
    [InlineData("""{"resources":{"gpu":{"count":2}},"engine":{"type":"vllm"}}""", true)]
    [InlineData("""{"resources":{"gpu":{"count":1}},"engine":{"type":"vllm"}}""", false)]
    [InlineData("""{"resources":{},"engine":{"type":"vllm"}}""", false)]
    public void A_rule_selects_by_a_json_specification(string json, bool selected)
    {
        var program = s_environment.Compile(Rule).Program!;
        Assert.Equal(selected, program.Evaluate(Spec(json)).IsTrue);
    }

    [Fact]
    public void A_missing_field_is_an_error_of_evaluation()
    {
        var result = s_environment.Compile(Rule).Program!.Evaluate(Spec("""{"resources":{"gpu":{"count":2}}}"""));
        Assert.False(result.IsSuccess);
        Assert.Equal("no such key: engine", result.Error);
    }

    [Fact]
    public void An_issue_points_at_its_place()
    {
        var compilation = s_environment.Compile("spec.a == 1 &&\n  sepc.b == 2");
        var issue = Assert.Single(compilation.Issues);
        Assert.Null(compilation.Program);
        Assert.Equal("2:3: undeclared reference to 'sepc' (in container '')\n |   sepc.b == 2\n |   ^", issue.ToString());
    }

    [Fact]
    public void A_value_comes_back_as_plain_objects()
    {
        var value = s_environment.Compile("{'a': [1, 2u, 1.5, 'x', null, duration('90s')]}").Program!.Evaluate(Spec("{}")).Value!;
        var map = Assert.IsType<Dictionary<object, object?>>(value.ToPlain());
        Assert.Equal([1L, 2UL, 1.5, "x", null, TimeSpan.FromSeconds(90)], Assert.IsType<List<object?>>(map["a"]));
    }

    [Fact]
    public void The_checker_knows_the_result() => Assert.Equal(CelType.Bool, s_environment.Compile(Rule).Program!.Type);

    private static Dictionary<string, CelValue> Spec(string json) => new() { ["spec"] = CelValue.FromJson(JsonDocument.Parse(json).RootElement) };
}
