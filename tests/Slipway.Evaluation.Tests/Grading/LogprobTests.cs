using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Evaluation.Grading.Logprobs;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Tests.Grading;

/// <summary>What is graded by numbers of the engine, against what another program computes.</summary>
public sealed class LogprobTests
{
    private static readonly JsonNode s_data = Graders.Data("Grading/Data/logprobs.json");

    [Theory]
    [InlineData(LengthNorm.None, "none")]
    [InlineData(LengthNorm.Characters, "characters")]
    [InlineData(LengthNorm.Bytes, "bytes")]
    [InlineData(LengthNorm.Tokens, "tokens")]
    public void The_likeliest_continuation_is_chosen(LengthNorm norm, string name)
    {
        foreach (var vector in s_data["choices"]!.AsArray())
        {
            var choices = vector!["choices"]!.AsArray().Select(static c => new Continuation((string)c!["text"]!, Numbers(c["logprobs"]))).ToArray();
            Assert.Equal((int)vector[name]!, MultipleChoice.Likeliest(choices, norm));
        }

        // Seven bytes in three characters: by bytes the Japanese is likelier, by characters the other.
        Assert.Equal(norm is LengthNorm.Bytes ? 1 : 0, MultipleChoice.Likeliest([new("abcd", [-4]), new("日本a", [-6, 0])], norm is LengthNorm.Tokens ? LengthNorm.None : norm));
        Assert.Null(MultipleChoice.Likeliest([new("a", [-1]), new("b", [])]));
        Assert.Null(MultipleChoice.Likeliest([]));
    }

    [Fact]
    public void The_first_token_chooses_a_letter()
    {
        var found = MultipleChoice.FirstToken([(" B", Math.Log(0.3)), ("A", Math.Log(0.35)), ("(B", Math.Log(0.1)), ("The", Math.Log(0.2)), ("a", Math.Log(0.05))], "ABCD")!;
        Assert.Equal('B', found.Best);
        Assert.Equal(0.75, found.Mass, 1e-12);
        Assert.Equal(0.4 / 0.75, found.Letters['B'], 1e-12);
        Assert.Null(MultipleChoice.FirstToken([("The", -0.1), ("E", -2)], "ABCD"));
        Assert.Null(MultipleChoice.FirstToken([("A", -1), ("B", -1)], "ABCD")!.Best);
        Assert.Null(MultipleChoice.FirstToken(new Answer { Text = "B" }, "ABCD"));
        var answer = new Answer { Logprobs = [new("\n", 0, [("A", -9)]), new("C", -0.1, [("C", -0.1), ("D", -3)])] };
        Assert.Equal('C', MultipleChoice.FirstToken(answer, "ABCD")!.Best);
    }

    [Fact]
    public void Perplexities_are_compared_by_bytes()
    {
        foreach (var vector in s_data["perplexity"]!.AsArray())
        {
            var texts = vector!["texts"]!.AsArray().Select(static t => new ScoredText((int)t!["bytes"]!, Numbers(t["baseline"]), Numbers(t["candidate"]))).ToArray();
            Assert.Equal((double)vector["perplexity"]!, Perplexity.Of(texts[0].Baseline), 1e-9);
            var compared = Perplexity.Compare(texts)!;
            Assert.Equal((double)vector["ratio"]!, compared.Ratio, 1e-9);
            Assert.Equal((double)vector["baseline"]!, compared.BaselineBitsPerByte, 1e-9);
            Assert.Equal((double)vector["candidate"]!, compared.CandidateBitsPerByte, 1e-9);
            var weighted = texts.Zip(compared.Differences).Sum(static p => p.First.Bytes * p.Second) / texts.Sum(static t => t.Bytes);
            Assert.Equal(compared.CandidateBitsPerByte - compared.BaselineBitsPerByte, weighted, 1e-9);
        }

        Assert.Equal(1, Perplexity.Compare([new(3, [-1, -2], [-3])])!.Ratio, 1e-12);
        Assert.Equal(double.PositiveInfinity, Perplexity.Of([double.NegativeInfinity]));
    }

    [Fact]
    public void Nothing_is_said_without_tokens_and_what_is_no_logarithm_is_refused()
    {
        Assert.Null(Perplexity.Compare([]));
        Assert.Null(Perplexity.Compare([new(3, [-1], [])]));
        Assert.Throws<ArgumentException>(static () => Perplexity.Of([]));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Perplexity.Of([0.5]));
        Assert.Throws<ArgumentOutOfRangeException>(static () => Perplexity.Of([double.NaN]));
        Assert.Equal(1, Perplexity.Of([1e-6]));
        Assert.Null(LogprobParity.Of([], [new("a", -1, [])]));
    }

    [Fact]
    public void Two_deployments_are_compared_up_to_where_they_part()
    {
        ImmutableArray<TokenLogprob> baseline = [Token("Par", -0.1), Token("is", -0.2), new("!", -0.6, [("!", -0.6), (".", -0.7)]), Token("x", -5)];
        Assert.Equal(new(4, true, 0, 0, null), LogprobParity.Of(baseline, baseline));

        var parted = LogprobParity.Of(baseline, [Token("Par", -0.1), Token("is", -0.5), Token(".", -0.3), Token("x", -1)])!.Value;
        Assert.Equal((2, false), (parted.Compared, parted.Same));
        Assert.Equal(0.15, parted.MeanAbsolute, 1e-12);
        Assert.Equal(0.3, parted.Largest, 1e-12);
        Assert.Equal(0.1, parted.MarginAtParting!.Value, 1e-12);

        Assert.Null(LogprobParity.Of(baseline, [Token("Rome", -1)])!.Value.MarginAtParting);
        var shorter = LogprobParity.Of(baseline, baseline[..2])!.Value;
        Assert.Equal((2, false, (double?)null), (shorter.Compared, shorter.Same, shorter.MarginAtParting));
        Assert.Equal(0, LogprobParity.Of([Token("a", double.NegativeInfinity)], [Token("a", double.NegativeInfinity)])!.Value.Largest);
    }

    [Fact]
    public void The_cosine_is_that_of_the_angle()
    {
        foreach (var vector in s_data["cosine"]!.AsArray())
        {
            float[] a = [.. Numbers(vector!["a"]).Select(static n => (float)n)], b = [.. Numbers(vector["b"]).Select(static n => (float)n)];
            Assert.Equal((double)vector["cosine"]!, Cosine.Of(a, b)!.Value, 1e-6);
        }

        Assert.Null(Cosine.Of([0, 0], [1, 0]));
        Assert.Null(Cosine.Of([1], [1, 0]));
        Assert.Null(Cosine.Of([float.NaN], [1]));
    }

    [Fact]
    public async Task Answers_are_graded_by_what_they_mean()
    {
        var embeddings = new PlayedEmbeddings(new() { ["near"] = [1, 0.1f], ["far"] = [0, 1], ["right"] = [1, 0], ["also"] = [0.9f, 0.5f], ["against"] = [-1, 0], ["empty"] = [0, 0] });
        Assert.Equal(0.995, (await Grade("{}", ["right", "also"], "near")).Score!.Value, 0.001);
        Assert.Equal(1, (await Grade("{\"threshold\":0.9}", ["right"], "near")).Score);
        var far = await Grade("{\"threshold\":0.9}", ["right"], "far");
        Assert.Equal(0, far.Score);
        Assert.Contains("cosine 0 is below 0.9", far.Reason, StringComparison.Ordinal);
        Assert.Equal(0, (await Grade("{}", ["right"], "against")).Score);
        Assert.Equal(0, (await Grade("{}", ["right"], " ")).Score);
        Assert.Null((await Grade("{}", ["right"], "empty")).Score);
        Assert.Null((await Grade("{}", ["right"], "unknown to it")).Score);

        async Task<Grade> Grade(string with, string[] expected, string answer)
        {
            var problems = new List<string>();
            var grader = GraderCatalog.Create("embedding", new Fields(JsonNode.Parse(with)!.AsObject(), "with", problems))!;
            Assert.Empty(problems);
            var prompt = Graders.Asked(expected) with { Graders = [new GraderUse("embedding", "embedding", grader)] };
            if (answer != " ") Assert.Null((await grader.GradeAsync(prompt, new Answer { Text = answer }, TestContext.Current.CancellationToken)).Score);
            var bound = new GradingServices { Embeddings = embeddings }.Bind(new EvaluationSuite("s", [prompt], new RequestSettings(), "sha256:"));
            return await bound.Prompts[0].Graders[0].Grader.GradeAsync(prompt, new Answer { Text = answer }, TestContext.Current.CancellationToken);
        }
    }

    private static TokenLogprob Token(string text, double logprob) => new(text, logprob, []);

    private static ImmutableArray<double> Numbers(JsonNode? list) => [.. list!.AsArray().Select(static n => (double)n!)];

    private sealed class PlayedEmbeddings(Dictionary<string, ImmutableArray<float>> vectors) : IEmbeddings
    {
        public Task<ImmutableArray<ImmutableArray<float>>?> EmbedAsync(ImmutableArray<string> texts, CancellationToken cancellationToken) =>
            Task.FromResult<ImmutableArray<ImmutableArray<float>>?>(texts.All(vectors.ContainsKey) ? [.. texts.Select(t => vectors[t])] : null);
    }
}
