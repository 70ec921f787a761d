using System.Collections.Immutable;
using Slipway.Evaluation.Chat;

namespace Slipway.Evaluation.Suites;

/// <summary>Prompts, how they are asked and how answers are graded. Two suites with one digest ask and grade alike.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Prompts">The prompts, in the order of the file.</param>
/// <param name="Settings">How they are asked.</param>
/// <param name="Digest"><c>sha256:</c> and the digest of all that decides a score; the description and the name are not part of it.</param>
public sealed record EvaluationSuite(string Name, ImmutableArray<Prompt> Prompts, RequestSettings Settings, string Digest)
{
    /// <summary>What it is for, and what it cannot show.</summary>
    public string Description { get; init; } = "";
}
