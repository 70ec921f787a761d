using System.Collections.Immutable;

namespace Slipway.Evaluation.Chat;

/// <summary>A model that answers. Whatever goes wrong is part of the answer, since it has to be counted.</summary>
public interface IChat
{
    /// <summary>Asks.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="cancellationToken">Stops the answer.</param>
    Task<Answer> AskAsync(Question question, CancellationToken cancellationToken);
}

/// <summary>What is asked of a model.</summary>
/// <param name="Messages">The conversation; its last message is the question.</param>
/// <param name="Settings">How it is to answer.</param>
public sealed record Question(ImmutableArray<Message> Messages, RequestSettings Settings)
{
    /// <summary>The tools that it may call, as JSON in the form of OpenAI's <c>tools</c>; null for none.</summary>
    public string? Tools { get; init; }

    /// <summary>A whole request in the form of OpenAI's API, asked as it is but for the model's name and the stream, in place of all that is said here; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>The beginning of the answer, which the model is to go on with; null where it begins by itself.</summary>
    public string? Begun { get; init; }

    /// <summary>How many of the likeliest tokens to give for each token; null for no logarithms at all.</summary>
    public int? TopLogprobs { get; init; }
}

/// <summary>One turn of a conversation.</summary>
/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was said.</param>
public sealed record Message(string Role, string Content);

/// <summary>How a model is to answer. What is not said here is the engine's own choice, and so part of what is judged.</summary>
public sealed record RequestSettings
{
    /// <summary>How much chance is in an answer; null for the engine's own, as users get it.</summary>
    public double? Temperature { get; init; }

    /// <summary>The share of likely tokens that is chosen from, 0 to 1; null for the engine's own.</summary>
    public double? TopP { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>The seed of the chance, where the engine takes one.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts at which an answer ends.</summary>
    public ImmutableArray<string> Stop { get; init; } = [];
}
