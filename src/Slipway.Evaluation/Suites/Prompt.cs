using System.Collections.Immutable;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Grading;

namespace Slipway.Evaluation.Suites;

/// <summary>One question of a suite, and how an answer to it is graded.</summary>
/// <param name="Id">Its name, once in a suite.</param>
/// <param name="Messages">The conversation; its last message is the question.</param>
public sealed record Prompt(string Id, ImmutableArray<Message> Messages)
{
    /// <summary>What is expected: any of these will do. Values that are not texts are kept as JSON. Empty where graders need none.</summary>
    public ImmutableArray<string> Expected { get; init; } = [];

    /// <summary>The kind of question, for the tables and for samples that keep the shares: a task, a language.</summary>
    public string Stratum { get; init; } = "";

    /// <summary>What it belongs to, such as a conversation or a text that several questions are about: a cluster counts once. Its own id when it stands alone.</summary>
    public string Cluster { get; init; } = Id;

    /// <summary>The tools that may be called, as JSON in the form of OpenAI's <c>tools</c>; null for none.</summary>
    public string? Tools { get; init; }

    /// <summary>The whole request, where it is one that somebody made; it is asked as it was (<see cref="Question.Body"/>). Null for the messages alone.</summary>
    public string? Body { get; init; }

    /// <summary>Who grades it; at least one.</summary>
    public ImmutableArray<GraderUse> Graders { get; init; } = [];
}
