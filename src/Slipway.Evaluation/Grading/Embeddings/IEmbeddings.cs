using System.Collections.Immutable;

namespace Slipway.Evaluation.Grading.Embeddings;

/// <summary>A model that turns texts into vectors, near each other where the texts mean alike.</summary>
public interface IEmbeddings
{
    /// <summary>Embeds.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A vector for each, in their order; null when it can't be had, since a grader that fails says nothing of the graded.</returns>
    Task<ImmutableArray<ImmutableArray<float>>?> EmbedAsync(ImmutableArray<string> texts, CancellationToken cancellationToken);
}
