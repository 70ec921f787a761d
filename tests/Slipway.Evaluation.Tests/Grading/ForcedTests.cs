using System.Collections.Immutable;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Logprobs;

namespace Slipway.Evaluation.Tests.Grading;

public sealed class ForcedTests
{
    private static readonly ImmutableArray<Message> s_messages = [new Message("user", "?")];

    [Fact]
    public void The_divergence_of_whole_distributions_is_that_of_the_book_and_never_more_when_less_is_known()
    {
        double[] p = [0.5, 0.25, 0.15, 0.1], q = [0.4, 0.35, 0.15, 0.1];
        var whole = NextToken.Of(Token(0, p), Token(0, q))!.Value;
        // 0.5 ln(0.5/0.4) + 0.25 ln(0.25/0.35), by hand.
        Assert.Equal(0.0274537, whole.Divergence, 5);
        Assert.True(whole.Agree);
        Assert.Equal((0.693147, 0.916291), (Math.Round(whole.BaselineSurprise, 6), Math.Round(whole.CandidateSurprise, 6)));
        for (var known = 1; known < 4; known++) Assert.InRange(NextToken.Of(Token(0, p[..known]), Token(0, q[..known]))!.Value.Divergence, 0, 0.0274538);
        Assert.Equal(0, NextToken.Of(Token(0, p[..2]), Token(0, p[..2]))!.Value.Divergence, 9);
    }

    [Fact]
    public void What_is_known_of_random_distributions_is_a_lower_bound_of_their_divergence()
    {
        var random = new Random(7);
        for (var i = 0; i < 2000; i++)
        {
            var (p, q) = (Any(random), Any(random));
            var truth = p.Zip(q, static (a, b) => a * Math.Log(a / b)).Sum();
            var (top, other) = (Top(p, random.Next(1, 8)), Top(q, random.Next(1, 8)));
            var found = NextToken.Of(new TokenLogprob(top[0].Token, top[0].Logprob, top), new TokenLogprob(other[0].Token, other[0].Logprob, other))!.Value;
            Assert.InRange(found.Divergence, 0, truth + 1e-9);
            Assert.Equal(top[0].Token == other[0].Token, found.Agree);
        }
    }

    [Fact]
    public void Two_that_name_none_of_the_other_s_tokens_are_far_apart() =>
        Assert.InRange(NextToken.Of(new TokenLogprob("a", Math.Log(0.99), [("a", Math.Log(0.99))]), new TokenLogprob("b", Math.Log(0.99), [("b", Math.Log(0.99))]))!.Value.Divergence, 4, 5);

    [Fact]
    public async Task Where_the_candidate_would_write_otherwise_it_is_given_what_was_written_and_goes_on()
    {
        var candidate = new Played(static (begun, most) => Written((begun.Length == 0 ? "abX" : "abcd"[begun.Length..])[..Math.Min(most, begun.Length == 0 ? 3 : 4 - begun.Length)], begun.Length));
        var result = await new Forced(new Played(static (_, _) => Written("abcd", 0)), candidate, 8).CompareAsync(s_messages, TestContext.Current.CancellationToken);
        Assert.Equal([true, true, false, true], result.Tokens.Select(static t => t.Agree));
        Assert.Equal([null, "abc"], candidate.Begun);
    }

    [Fact]
    public async Task An_engine_that_begins_anew_is_not_taken_for_one_that_goes_on()
    {
        var candidate = new Played(static (begun, _) => Written("abX", 0));
        Assert.Equal(3, (await new Forced(new Played(static (_, _) => Written("abcd", 0)), candidate, 8).CompareAsync(s_messages, TestContext.Current.CancellationToken)).Tokens.Length);
    }

    [Fact]
    public async Task Tokens_without_a_text_are_told_apart_by_their_numbers_and_end_the_comparison_where_they_part()
    {
        static Answer Blank(long id) => new() { PromptTokens = 5, FinishReason = "stop", Logprobs = [new TokenLogprob("", -0.1, [("", -0.1)]) { Id = id, TopIds = [id] }, .. Written("ab", 0).Logprobs] };
        var played = new Played(static (_, _) => Blank(8));
        var result = await new Forced(new Played(static (_, _) => Blank(7)), played, 8).CompareAsync(s_messages, TestContext.Current.CancellationToken);
        Assert.False(Assert.Single(result.Tokens).Agree);
        Assert.Single(played.Begun);
    }

    [Fact]
    public async Task The_same_token_with_another_number_is_of_another_tokenizer()
    {
        static Answer A(long id) => new() { PromptTokens = 5, FinishReason = "stop", Logprobs = [new TokenLogprob("a", -0.1, [("a", -0.1)]) { Id = id, TopIds = [id] }] };
        Assert.Contains("their tokenizers differ", (await new Forced(new Played(static (_, _) => A(1)), new Played(static (_, _) => A(2)), 8).CompareAsync(s_messages, TestContext.Current.CancellationToken)).NotApplicable, StringComparison.Ordinal);
    }

    private static Answer Written(string text, int begun) => new()
    {
        Text = text,
        FinishReason = "stop",
        PromptTokens = 5 + begun,
        Logprobs = [.. text.Select(static c => new TokenLogprob($"{c}", -0.1, [($"{c}", -0.1), ("z", -3)]))],
    };

    private static TokenLogprob Token(int written, double[] known) => new($"{written}", Math.Log(known[written]), [.. known.Select(static (p, i) => ($"{i}", Math.Log(p)))]);

    private static double[] Any(Random random)
    {
        var made = Enumerable.Range(0, 8).Select(_ => Math.Exp(6 * random.NextDouble())).ToArray();
        return [.. made.Select(m => m / made.Sum())];
    }

    private static ImmutableArray<(string Token, double Logprob)> Top(double[] all, int most) => [.. all.Select(static (p, i) => (Token: $"{i}", Logprob: Math.Log(p))).OrderByDescending(static t => t.Logprob).Take(most)];

    private sealed class Played(Func<string, int, Answer> answer) : IChat
    {
        public List<string?> Begun { get; } = [];

        public Task<Answer> AskAsync(Question question, CancellationToken cancellationToken)
        {
            Begun.Add(question.Begun);
            return Task.FromResult(answer(question.Begun ?? "", question.Settings.MaxTokens));
        }
    }
}
