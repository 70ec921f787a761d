using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>Prompts, how they are asked and how answers are graded. What decides a score has a digest, so that a decision says which suite it rests on.</summary>
[CustomResource("slipway.dev", "v1alpha1", "EvaluationSuite", "evaluationsuites", "evaluationsuite", ShortNames = ["suite"])]
[PrinterColumn("Prompts", ".status.prompts", Type = "integer", Description = "How many prompts it has")]
[PrinterColumn("Valid", ".status.conditions[?(@.type==\"Valid\")].status", Description = "Whether it can be used")]
[PrinterColumn("Age", ".metadata.creationTimestamp", Type = "date")]
[PrinterColumn("Digest", ".status.digest", Description = "The digest of all that decides a score", Priority = 1)]
public sealed record EvaluationSuite
{
    /// <summary>The group and version of this kind.</summary>
    public const string GroupVersion = "slipway.dev/v1alpha1";

    /// <summary>The API version.</summary>
    public string ApiVersion { get; init; } = GroupVersion;

    /// <summary>The kind.</summary>
    public string Kind { get; init; } = "EvaluationSuite";

    /// <summary>Name, namespace and the like.</summary>
    public ObjectMeta Metadata { get; init; } = new();

    /// <summary>What is asked.</summary>
    public required EvaluationSuiteSpec Spec { get; init; }

    /// <summary>What came of reading it.</summary>
    public EvaluationSuiteStatus? Status { get; init; }
}

/// <summary>What a suite asks.</summary>
[SchemaRule("has(self.prompts) != has(self.source)", "prompts are here or in a source")]
public sealed record EvaluationSuiteSpec
{
    /// <summary>What it is for, and what it cannot show.</summary>
    public string? Description { get; init; }

    /// <summary>How prompts are asked; what is not said is the engine's own choice, and so part of what is judged.</summary>
    public EvaluationRequest? Request { get; init; }

    /// <summary>Who grades prompts that name no graders of their own.</summary>
    public IReadOnlyList<EvaluationGrader>? Graders { get; init; }

    /// <summary>The prompts; those of `source` where absent.</summary>
    [MaxLength(5000)]
    public IReadOnlyList<EvaluationPrompt>? Prompts { get; init; }

    /// <summary>Where the prompts are, instead of here.</summary>
    public SuiteSource? Source { get; init; }
}

/// <summary>How prompts are asked.</summary>
public sealed record EvaluationRequest
{
    /// <summary>How much chance is in an answer.</summary>
    [Range(0, 2)]
    public double? Temperature { get; init; }

    /// <summary>The share of likely tokens that is chosen from.</summary>
    [Range(0, 1)]
    public double? TopP { get; init; }

    /// <summary>Most tokens of an answer.</summary>
    [Range(1, 1_000_000)]
    public int? MaxTokens { get; init; }

    /// <summary>The seed of the chance, where the engine takes one.</summary>
    public long? Seed { get; init; }

    /// <summary>Texts at which an answer ends.</summary>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <summary>The system prompt of conversations that have none.</summary>
    public string? System { get; init; }
}

/// <summary>A grader.</summary>
public sealed record EvaluationGrader
{
    /// <summary>What it looks for, such as exact, contains, numeric, jsonEquals.</summary>
    public required string Type { get; init; }

    /// <summary>What tables call it; its type when absent.</summary>
    public string? Name { get; init; }

    /// <summary>How much it weighs beside others.</summary>
    [Range(0, 1000)]
    public double? Weight { get; init; }

    /// <summary>Whether a score of 0 makes the whole answer wrong.</summary>
    public bool? Critical { get; init; }

    /// <summary>What the grader has to know, by its type.</summary>
    [PreserveUnknownFields]
    public JsonElement? With { get; init; }
}

/// <summary>A prompt.</summary>
public sealed record EvaluationPrompt
{
    /// <summary>Its name, once in a suite.</summary>
    public required string Id { get; init; }

    /// <summary>The question; or messages.</summary>
    public string? Prompt { get; init; }

    /// <summary>A conversation whose last message is the question.</summary>
    public IReadOnlyList<EvaluationMessage>? Messages { get; init; }

    /// <summary>What is expected: any of these will do. Values that are not texts are written as JSON.</summary>
    public IReadOnlyList<string>? Expected { get; init; }

    /// <summary>The kind of question, for tables and samples.</summary>
    public string? Stratum { get; init; }

    /// <summary>What it belongs to; what belongs together counts once.</summary>
    public string? Cluster { get; init; }

    /// <summary>Who grades it, instead of the suite's graders.</summary>
    public IReadOnlyList<EvaluationGrader>? Graders { get; init; }

    /// <summary>The tools that may be called, in the form of OpenAI's.</summary>
    [PreserveUnknownFields]
    public IReadOnlyList<JsonElement>? Tools { get; init; }
}

/// <summary>One turn of a conversation.</summary>
public sealed record EvaluationMessage
{
    /// <summary>system, user or assistant.</summary>
    public required string Role { get; init; }

    /// <summary>What was said.</summary>
    public required string Content { get; init; }
}

/// <summary>What came of reading a suite.</summary>
public sealed record EvaluationSuiteStatus
{
    /// <summary>The generation that was read.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>The digest of all that decides a score.</summary>
    public string? Digest { get; init; }

    /// <summary>How many prompts it has.</summary>
    public int? Prompts { get; init; }

    /// <summary>Whether it can be used, and what is wrong if not.</summary>
    [ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }
}
