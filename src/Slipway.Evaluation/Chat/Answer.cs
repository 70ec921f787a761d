using System.Collections.Immutable;

namespace Slipway.Evaluation.Chat;

/// <summary>What a model said to one prompt, with what was measured of it; or why there is nothing.</summary>
public sealed record Answer
{
    /// <summary>The text; empty when there is none.</summary>
    public string Text { get; init; } = "";

    /// <summary>Why it ended, in the words of OpenAI's API: <c>stop</c>, <c>length</c>, <c>tool_calls</c>; null when the stream broke off.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The calls of tools that it asks for.</summary>
    public ImmutableArray<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>The tokens with their logarithmic probabilities, where they were asked for and the engine gives them.</summary>
    public ImmutableArray<TokenLogprob> Logprobs { get; init; } = [];

    /// <summary>Tokens of the prompt, as the engine counts; null when it does not say.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Tokens of the answer, as the engine counts; null when it does not say.</summary>
    public int? CompletionTokens { get; init; }

    /// <summary>From the question to the first piece of the answer; null when none came.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>From the question to the end.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>What went wrong; null when the model answered.</summary>
    public Failure? Failure { get; init; }
}

/// <summary>A call of a tool.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Its arguments, as the model wrote them: JSON, if it did well.</param>
public sealed record ToolCall(string Name, string Arguments);

/// <summary>A token of an answer.</summary>
/// <param name="Token">Its text.</param>
/// <param name="Logprob">The natural logarithm of its probability.</param>
/// <param name="Top">The likeliest tokens in its place, where they were asked for.</param>
public sealed record TokenLogprob(string Token, double Logprob, ImmutableArray<(string Token, double Logprob)> Top)
{
    /// <summary>The token's number in the model's vocabulary, by which tokens without a text are told apart; null where the engine does not say, as vLLM.</summary>
    public long? Id { get; init; }

    /// <summary>The numbers of <see cref="Top"/>, in its order; empty where the engine does not say.</summary>
    public ImmutableArray<long> TopIds { get; init; } = [];
}

/// <summary>Whose fault it is that there is no answer.</summary>
public enum FailureKind
{
    /// <summary>
    /// The model's or its engine's: the request was taken and came to nothing (an error of the engine, a stream that broke off, no end in the time given). Who had
    /// asked would have had no answer, so it counts as a wrong one.
    /// </summary>
    Model,

    /// <summary>
    /// Of what lies between: nothing listens, too many requests, a gateway without a backend. It says nothing of the model; such a prompt is tried again, and is
    /// missing when that does not help. Missing is never right and never wrong.
    /// </summary>
    Infrastructure,

    /// <summary>Nobody can be asked that way: a wrong key, no such model. Trying again does not help, and the rest need not be asked.</summary>
    Setup,

    /// <summary>Of the question: it was refused as malformed or too long. It is the suite's fault or a limit of the model, and counts as a wrong answer.</summary>
    Request,
}

/// <summary>Why there is no answer.</summary>
/// <param name="Kind">Whose fault it is.</param>
/// <param name="Reason">What happened, in words.</param>
public sealed record Failure(FailureKind Kind, string Reason)
{
    /// <summary>How long the server asked to be left alone; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
