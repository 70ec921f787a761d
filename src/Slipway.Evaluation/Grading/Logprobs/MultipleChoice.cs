using System.Collections.Immutable;
using System.Text;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Grading.Logprobs;

/// <summary>A choice as the continuation of a question.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Logprobs">The natural logarithm of the probability of each of its tokens, after the question and the tokens before it.</param>
public sealed record Continuation(string Text, ImmutableArray<double> Logprobs);

/// <summary>By what the likelihood of a continuation is divided, so that a long one is not unlikely by its length alone.</summary>
public enum LengthNorm
{
    /// <summary>By nothing: <c>acc</c> of lm-evaluation-harness.</summary>
    None,

    /// <summary>By its characters (Unicode's scalar values): <c>acc_norm</c>.</summary>
    Characters,

    /// <summary>By its bytes in UTF-8: <c>acc_bytes</c>, which doesn't depend on the tokenizer.</summary>
    Bytes,

    /// <summary>By its tokens.</summary>
    Tokens,
}

/// <summary>How likely each letter is as an answer.</summary>
/// <param name="Letters">The probabilities of those letters that came up at all; together 1.</param>
/// <param name="Mass">How much of all probability they had before; where it is small, the model was about to say something else.</param>
public sealed record LetterProbabilities(ImmutableSortedDictionary<char, double> Letters, double Mass)
{
    /// <summary>The likeliest letter; null when two are as likely.</summary>
    public char? Best => Letters.Where(p => p.Value >= Letters.Values.Max()).ToArray() is [var one] ? one.Key : null;
}

/// <summary>Which of several choices a model holds likeliest, without letting it speak: finer than a letter that it writes, since nearly right is seen too.</summary>
public static class MultipleChoice
{
    /// <summary>By whole continuations (an engine that echoes the prompt with logprobs on <c>/v1/completions</c>).</summary>
    /// <param name="choices">The choices.</param>
    /// <param name="norm">By what they are divided.</param>
    /// <returns>The index of the likeliest, the first of those that are as likely; null when a choice has no tokens, since nothing can be said of it.</returns>
    public static int? Likeliest(IReadOnlyList<Continuation> choices, LengthNorm norm = LengthNorm.None)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Count == 0 || choices.Any(static c => c.Logprobs.IsEmpty || c.Text.Length == 0)) return null;
        var scores = choices.Select(c => Perplexity.Sum(c.Logprobs) / Length(c, norm)).ToArray();
        return Array.IndexOf(scores, scores.Max());
    }

    /// <summary>By the first token of an answer, among the likeliest that the engine gave (<c>top_logprobs</c> of a chat).</summary>
    /// <param name="top">The likeliest tokens in its place.</param>
    /// <param name="letters">The letters to choose from.</param>
    /// <returns>The letters' probabilities; null when none of them is among those tokens.</returns>
    public static LetterProbabilities? FirstToken(IEnumerable<(string Token, double Logprob)> top, string letters)
    {
        ArgumentNullException.ThrowIfNull(top);
        ArgumentNullException.ThrowIfNull(letters);
        // " B", "B" and "(B" are tokens of one answer. Small letters are others: "a" begins many words.
        var found = top.Select(t => (Letter: t.Token.Trim().TrimStart('('), t.Logprob))
            .Where(t => t.Letter is [var c] && letters.Contains(c, StringComparison.Ordinal) && !double.IsNegativeInfinity(t.Logprob))
            .GroupBy(static t => t.Letter[0], static t => Math.Exp(Perplexity.Checked(t.Logprob)))
            .ToImmutableSortedDictionary(static g => g.Key, static g => g.Sum());
        var mass = found.Values.Sum();
        return mass > 0 ? new(found.ToImmutableSortedDictionary(static p => p.Key, p => p.Value / mass), Math.Min(1, mass)) : null;
    }

    /// <summary>By the first token of an answer that has more than blanks.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="letters">The letters to choose from.</param>
    public static LetterProbabilities? FirstToken(Answer answer, string letters)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return answer.Logprobs.FirstOrDefault(static t => !string.IsNullOrWhiteSpace(t.Token)) is { } first ? FirstToken(first.Top, letters) : null;
    }

    private static double Length(Continuation choice, LengthNorm norm) => norm switch
    {
        LengthNorm.Characters => choice.Text.EnumerateRunes().Count(),
        LengthNorm.Bytes => Encoding.UTF8.GetByteCount(choice.Text),
        LengthNorm.Tokens => choice.Logprobs.Length,
        _ => 1,
    };
}
