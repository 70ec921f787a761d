using System.Collections.Immutable;
using Microsoft.Extensions.AI;
using Slipway.Evaluation.Grading.Embeddings;

namespace Slipway.Evaluation.Clients;

/// <summary>Embeds by any <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of Microsoft.Extensions.AI. The generator is the caller's, and not disposed of here.</summary>
/// <param name="generator">Asks the model.</param>
public sealed class ClientEmbeddings(IEmbeddingGenerator<string, Embedding<float>> generator) : IEmbeddings
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<ImmutableArray<float>>?> EmbedAsync(ImmutableArray<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            var made = await generator.GenerateAsync(texts, cancellationToken: cancellationToken);
            return made.Count == texts.Length ? [.. made.Select(static e => e.Vector.ToArray().ToImmutableArray())] : null;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever a generator throws: who fails to grade says nothing of the graded.
            return null;
        }
    }
}
