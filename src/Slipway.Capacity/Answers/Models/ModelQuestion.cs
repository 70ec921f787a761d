using System.Collections.Immutable;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;

namespace Slipway.Capacity.Answers.Models;

/// <summary>Which model, under which load: what the command line, the REST API and the page ask alike.</summary>
/// <param name="Id">The repository on the hub.</param>
public sealed record ModelQuestion(string Id)
{
    /// <summary>The usual lengths of a prompt and an answer, tokens.</summary>
    public const int UsualPrompt = 1024, UsualOutput = 256;

    /// <summary>Branch, tag or commit; the default branch when null.</summary>
    public string? Revision { get; init; }

    /// <summary>Which of several GGUF files.</summary>
    public string? Quantization { get; init; }

    /// <summary>Tokens of a prompt; 1,024 when null, and fewer for a model that takes fewer.</summary>
    public int? PromptTokens { get; init; }

    /// <summary>Tokens of an answer; 256 when null, and fewer for a model that takes fewer.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>Requests at the same time.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The engine that will run it.</summary>
    public ServingEngine Engine { get; init; } = ServingEngine.Vllm;

    /// <summary>How keys and values are stored.</summary>
    public KvCacheType Cache { get; init; } = KvCacheType.Bits16;

    /// <summary>Keys of the accelerators in question; the usual ones when empty.</summary>
    public ImmutableArray<string> Accelerators { get; init; } = [];

    /// <summary>The load; what was not said is shorter for a model that takes less.</summary>
    public Traffic Traffic(ModelProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        var longest = (int)Math.Clamp(profile.Context.Length ?? int.MaxValue, 5, int.MaxValue);
        return new(PromptTokens ?? Math.Min(UsualPrompt, longest / 5 * 4), OutputTokens ?? Math.Min(UsualOutput, longest / 5), Concurrency);
    }
}

/// <summary>What a model is wanted for.</summary>
/// <param name="Model">Which model, under which load.</param>
public sealed record PlanQuestion(ModelQuestion Model)
{
    /// <summary>The clouds that are known, with the region that is meant when none is named.</summary>
    public static ImmutableArray<(string Cloud, string Region)> Clouds { get; } = [("aws", "us-east-1"), ("azure", "eastus"), ("gcp", "us-central1")];

    /// <summary>The longest that a first token may take, seconds.</summary>
    public double? FirstTokenSeconds { get; init; }

    /// <summary>The longest that a next token may take, seconds.</summary>
    public double? InterTokenSeconds { get; init; }

    /// <summary>Tokens of answers a second over all requests.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>The most that a month may cost.</summary>
    public decimal? PerMonth { get; init; }

    /// <summary>Only machines of this cloud.</summary>
    public string? Cloud { get; init; }

    /// <summary>The cloud's region; its usual one when null.</summary>
    public string? Region { get; init; }

    /// <summary>Whether prices are those of machines that the cloud may take back at any time.</summary>
    public bool Spot { get; init; }

    /// <summary>How many plans to give, 1 to 100.</summary>
    public int Show { get; init; } = 3;
}
