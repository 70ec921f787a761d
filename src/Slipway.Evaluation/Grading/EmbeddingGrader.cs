using System.Collections.Immutable;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading.Embeddings;
using Slipway.Evaluation.Suites;

namespace Slipway.Evaluation.Grading;

/// <summary>
/// The answer means what is expected, by the cosine of their embeddings; with several expected, the nearest. Below 0 counts as 0. How near is near differs from one
/// embedding model to another: find the threshold with answers that you know.
/// </summary>
/// <param name="threshold">From which on the answer is right, and below wrong; null for the cosine itself as the score.</param>
/// <param name="values">What is expected; empty for what the prompt expects.</param>
/// <param name="embeddings">The embedding model; null until it is bound.</param>
public sealed class EmbeddingGrader(double? threshold, ImmutableArray<string> values, IEmbeddings? embeddings) : IGrader
{
    internal static IGrader Read(Fields with)
    {
        var grader = new EmbeddingGrader(with.Number("threshold", 0, 1), with.Texts("values"), null);
        with.Done();
        return grader;
    }

    /// <inheritdoc/>
    public IGrader With(GradingServices services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new EmbeddingGrader(threshold, values, services.Embeddings ?? embeddings);
    }

    /// <inheritdoc/>
    public void Check(IReadOnlyList<string> expected, Action<string> problem)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(problem);
        if (values.IsEmpty && expected.Count == 0) problem("needs a text to compare the answer with: expected, or with.values");
    }

    /// <inheritdoc/>
    public async ValueTask<Grade> GradeAsync(Prompt prompt, Answer answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answer);
        // Many embedding models refuse an empty text, and it means nothing.
        if (string.IsNullOrWhiteSpace(answer.Text)) return Grade.Wrong("is empty");
        if (embeddings is null) return Grade.None("there is no embedding model");
        ImmutableArray<string> expected = values.IsEmpty ? prompt.Expected : values;
        var vectors = await embeddings.EmbedAsync([answer.Text, .. expected], cancellationToken);
        if (vectors is not { } all || all.Length != expected.Length + 1) return Grade.None("the embedding model gave no vectors");
        var cosines = all.Skip(1).Select(v => Cosine.Of(all[0].AsSpan(), v.AsSpan())).ToArray();
        if (cosines.Any(static c => c is null)) return Grade.None("the embedding model gave vectors that can't be compared");
        var score = Math.Max(0, cosines.Max()!.Value);
        var reason = score >= (threshold ?? 1) ? "" : FormattableString.Invariant($"cosine {score:0.###}{(threshold is null ? "" : $" is below {threshold}")}: expected {Quote.Any(expected)}, not {Quote.One(answer.Text)}");
        return new(threshold is null ? score : score >= threshold ? 1 : 0, reason);
    }
}
