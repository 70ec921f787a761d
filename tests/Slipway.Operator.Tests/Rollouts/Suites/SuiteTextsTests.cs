using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Operator.Rollouts;
using Slipway.Operator.Rollouts.Suites;

namespace Slipway.Operator.Tests.Rollouts.Suites;

/// <summary>Suites whose prompts are elsewhere.</summary>
public sealed class SuiteTextsTests
{
    private const string Two = """
        {"id":"a","prompt":"1+1?","expected":"2","graders":["exact"]}
        {"id":"b","prompt":"2+2?","expected":["4"],"graders":["exact"]}
        """;

    private (string? Text, string? Fault) _there = (Two, null);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_the_suite_that_it_would_be_with_its_prompts_in_it()
    {
        var texts = Texts();
        var suite = Suite(new SuiteSource { ConfigMap = new ConfigMapSource { Name = "asked" } });
        Assert.Same(suite, texts.Whole(suite));
        Assert.Contains("EvaluationSuite s cannot be used: its prompts are not read yet", GateSetup.Usable("s", texts.Whole(suite), "Gate g").Problem, StringComparison.Ordinal);

        var reading = await texts.ReadAsync(suite, Token);
        var whole = texts.Whole(suite)!;
        Assert.Equal(["a", "b"], whole.Spec.Prompts!.Select(static p => p.Id));
        var (read, problem) = GateSetup.Usable("s", whole, "Gate g");
        Assert.Null(problem);
        Assert.Equal((reading.Suite!.Digest, GateSetup.Read(Suite(null, whole.Spec.Prompts)).Suite!.Digest), (read!.Digest, read.Digest));
        Assert.Equal(read.Digest, texts.Version(suite));
    }

    [Fact]
    public async Task Another_text_is_another_suite_and_one_that_is_gone_is_none()
    {
        var texts = Texts();
        var suite = Suite(new SuiteSource { ConfigMap = new ConfigMapSource { Name = "asked", Key = "other.jsonl" } });
        await texts.ReadAsync(suite, Token);
        var before = texts.Version(suite);
        _there = (Two.Replace("1+1", "1+2", StringComparison.Ordinal), null);
        await texts.ReadAsync(suite, Token);
        Assert.NotEqual(before, texts.Version(suite));
        Assert.Equal("1+2?", texts.Whole(suite)!.Spec.Prompts![0].Prompt);

        _there = (null, null);
        Assert.Equal("the prompts in key other.jsonl of ConfigMap asked cannot be read: it is not there", Assert.Single((await texts.ReadAsync(suite, Token)).Problems));
        Assert.Same(suite, texts.Whole(suite));
        // Of another generation nothing is known, whatever was read before.
        _there = (Two, null);
        await texts.ReadAsync(suite, Token);
        Assert.NotNull(texts.Whole(suite with { Metadata = suite.Metadata with { Generation = 2 } })!.Spec.Source);
    }

    [Fact]
    public async Task What_is_wrong_in_it_is_said_by_its_place()
    {
        _there = ("{\"id\":\"a\"}\nno JSON\n", null);
        var problems = (await Texts().ReadAsync(Suite(new SuiteSource { Oci = "registry.example/a@sha256:0" }), Token)).Problems;
        Assert.Contains(problems, static p => p.Contains("registry.example/a@sha256:0 line 2", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, static p => p.Contains("the text", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_artifact_is_read_once_and_a_ConfigMap_again_and_again()
    {
        var texts = Texts();
        var (fixedOne, changing) = (Suite(new SuiteSource { Oci = "registry.example/a@sha256:0" }), Suite(new SuiteSource { ConfigMap = new ConfigMapSource { Name = "asked" } }));
        Assert.False(texts.IsSettled(fixedOne));
        await texts.ReadAsync(fixedOne, Token);
        Assert.True(texts.IsSettled(fixedOne));
        await texts.ReadAsync(changing, Token);
        Assert.False(texts.IsSettled(changing));
    }

    private SuiteTexts Texts() => new((_, _, _) => Task.FromResult(_there), (_, _) => Task.FromResult(_there));

    private static EvaluationSuite Suite(SuiteSource? source, IReadOnlyList<EvaluationPrompt>? prompts = null) =>
        new() { Metadata = new ObjectMeta { Name = "s", Namespace = "team", Uid = "u", Generation = 1 }, Spec = new EvaluationSuiteSpec { Source = source, Prompts = prompts } };
}
