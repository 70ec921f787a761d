using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Slipway.Operator.Admission;
using Slipway.Runtimes;

namespace Slipway.Operator.Tests.Admission;

public sealed class AdmissionHandlerTests
{
    private const string Good = """{"model":{"id":"org/model"},"engine":{"type":"vllm"},"provider":{"name":"vllm"},"resources":{"gpu":{"count":1}}}""";

    private readonly AdmissionHandler _handler = new(new AdmissionRules(ClusterRuntimes.All(), new Ceilings(4)));

    [Fact]
    public void A_deployment_that_makes_sense_is_let_in()
    {
        var answer = Answer(Good);
        Assert.Equal(("admission.k8s.io/v1", "AdmissionReview", "abc", true), ((string)answer["apiVersion"]!, (string)answer["kind"]!, (string)answer["response"]!["uid"]!, (bool)answer["response"]!["allowed"]!));
        Assert.Null(answer["response"]!["warnings"]);
    }

    [Theory]
    [InlineData("""{"model":{}}""", "spec.model.id: is required")]
    [InlineData("""{"model":{"id":"org/model"},"scaling":{"replicas":5}}""", "spec.scaling.replicas: asks for 5 replicas, and this cluster allows 4")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"trtllm"},"provider":{"name":"vllm"}}""", "spec.engine.type: vLLM does not run trtllm: it runs vllm, sglang")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"provider":{"name":"vllm","overrides":{"spec":{"template":{"spec":{"hostNetwork":true}}}}}}""", "spec.provider.overrides.spec.template.spec.hostNetwork: \"hostNetwork\" may be overridden for no runtime")]
    [InlineData("""{"model":{"id":"org/model"},"engine":{"type":"vllm"},"provider":{"name":"llmd","overrides":{"spec":{"template":{"spec":{"containers":[{"name":"x"}]}}}}}}""", "spec.provider.overrides.spec.template.spec.containers: \"containers\" may be overridden for no runtime")]
    [InlineData("""{"model":{"id":"org/model"},"scaling":{"replicas":"many"}}""", "$.spec.scaling.replicas: cannot be read")]
    public void What_the_controllers_would_refuse_is_refused_at_once_in_their_words(string spec, string fault)
    {
        var response = Answer(spec)["response"]!;
        Assert.False((bool)response["allowed"]!);
        Assert.Contains(fault, (string)response["status"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(422, (int)response["status"]!["code"]!);
    }

    // A ceiling that came later must not keep a finalizer on for ever.
    [Fact]
    public void One_that_is_there_keeps_changing_in_all_but_its_spec()
    {
        const string Wrong = """{"model":{"id":"org/model"},"scaling":{"replicas":9}}""";
        Assert.True((bool)Answer(Wrong, old: Wrong)["response"]!["allowed"]!);
        Assert.False((bool)Answer(Wrong, old: Good)["response"]!["allowed"]!);
        Assert.True((bool)Answer(Wrong, old: Good, metadata: """{"name":"m","deletionTimestamp":"2026-01-01T00:00:00Z"}""")["response"]!["allowed"]!);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Scaling_is_held_to_the_limit_too(int replicas, bool allowed)
    {
        var response = Review($$$"""{"uid":"abc","kind":{"kind":"Scale"},"object":{"metadata":{"name":"m"},"spec":{"replicas":{{{replicas}}} } },"oldObject":null}""")["response"]!;
        Assert.Equal(allowed, (bool)response["allowed"]!);
        if (!allowed) Assert.StartsWith("spec.replicas: asks for 5 replicas, and this cluster allows 4", (string)response["status"]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_is_no_CEL_is_warned_of_and_let_in()
    {
        var response = Review("""{"uid":"abc","kind":{"kind":"InferenceProviderConfig"},"object":{"metadata":{"name":"p"},"spec":{"selectionRules":[{"condition":"spec.(","priority":1}]}}}""")["response"]!;
        Assert.True((bool)response["allowed"]!);
        Assert.Contains("is no CEL", (string)response["warnings"]![0]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{}}""")]
    [InlineData("""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":[]}""")]
    public void What_is_no_review_is_told_to_be_none(string body) => Assert.Throws<FormatException>(() => _handler.Answer(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Nothing_that_is_sent_makes_it_fail_otherwise()
    {
        var whole = Body($$"""{"uid":"abc","kind":{"kind":"ModelDeployment"},"object":{"metadata":{"name":"m"},"spec":{{Good}}} }""");
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.OneOf(Gen.Const("null"), Gen.Const("1"), Gen.Const("\"\""), Gen.Const("[]"), Gen.Const("{}"), Gen.Const("}"), Gen.Const(""))).Array[1, 3].Sample(edits =>
        {
            var text = Encoding.UTF8.GetString(whole);
            foreach (var (at, what) in edits) text = text[..Math.Min(at, text.Length)] + what + text[Math.Min(at + 1, text.Length)..];
            try
            {
                _handler.Answer(Encoding.UTF8.GetBytes(text));
            }
            catch (FormatException)
            {
                // The only way to refuse.
            }
        });
    }

    private JsonObject Answer(string spec, string? old = null, string metadata = """{"name":"m"}""") => Review($$"""
        {"uid":"abc","kind":{"kind":"ModelDeployment"},"object":{"metadata":{{metadata}},"spec":{{spec}} },"oldObject":{{(old is null ? "null" : $$"""{"metadata":{"name":"m"},"spec":{{old}} }""")}} }
        """);

    private JsonObject Review(string request) => _handler.Answer(Body(request));

    private static byte[] Body(string request) => Encoding.UTF8.GetBytes($$"""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{{request}} }""");
}
