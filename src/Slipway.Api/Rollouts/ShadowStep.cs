using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Slipway.Api.Schemas;

namespace Slipway.Api.Rollouts;

/// <summary>Where the requests of a shadow step come from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ShadowSource>))]
public enum ShadowSource
{
    /// <summary>Requests that the namespace has recorded (annotation slipway.dev/record), with the answers that users got.</summary>
    Recorded,

    /// <summary>Copies of requests as they come in; what is answered to a copy is counted, timed and thrown away.</summary>
    Live,
}

/// <summary>
/// Users' requests, asked of the candidate a second time: no user waits for it or sees what comes of it. Tools that a request declares are declared to the candidate too, and never executed.
/// </summary>
[SchemaRule("self.source == 'Recorded' || has(self.percent)", "live copies need percent: how many of a hundred requests are copied")]
[SchemaRule("self.source == 'Recorded' || !(has(self.sample) || has(self.seed) || has(self.graders) || has(self.allowUnderpowered))", "sample, seed, graders and allowUnderpowered are of recorded requests: what is answered to a live copy is thrown away")]
[SchemaRule("self.source == 'Live' || !(has(self.percent) || has(self.minSeconds))", "percent and minSeconds are of live copies")]
[SchemaRule("has(self.graders) || !(has(self.margin) || has(self.alpha) || has(self.judge) || has(self.embeddings))", "margin, alpha, judge and embeddings say how answers are graded: they need graders")]
public sealed record ShadowStep
{
    /// <summary>Where the requests come from.</summary>
    public required ShadowSource Source { get; init; }

    /// <summary>Most recorded requests to ask; 500 when absent.</summary>
    [Range(1, 100_000)]
    public int? Sample { get; init; }

    /// <summary>Decides which recorded requests are drawn and in which order; 1 when absent.</summary>
    [Range(0, int.MaxValue)]
    public int? Seed { get; init; }

    /// <summary>How many requests have to be asked at least, whatever they show before.</summary>
    [Range(0, 1_000_000)]
    public int? MinRequests { get; init; }

    /// <summary>How many of a hundred requests are copied.</summary>
    [Range(1, 100)]
    public int? Percent { get; init; }

    /// <summary>How long requests are copied at least, seconds; 30 when absent.</summary>
    [Range(0, 2_592_000)]
    public int? MinSeconds { get; init; }

    /// <summary>How many the candidate is asked at a time. Live copies beyond that are dropped and counted; nobody waits.</summary>
    [SchemaDefault(4)]
    [Range(1, 64)]
    public int? Concurrency { get; init; }

    /// <summary>How long an answer may take; longer is a failure.</summary>
    [SchemaDefault(120)]
    [Range(1, 86_400)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>Who grades both the answer that the user got and the candidate's. What a grader expects is what the user got. None for errors and times alone.</summary>
    [MaxLength(10)]
    public IReadOnlyList<EvaluationGrader>? Graders { get; init; }

    /// <summary>How much worse the candidate's grades may be: 0.05, when absent, is five requests in a hundred.</summary>
    [Range(0.001, 0.9)]
    public double? Margin { get; init; }

    /// <summary>The chance of passing a candidate that is worse by the margin; 0.05 when absent.</summary>
    [Range(0.0001, 0.5)]
    public double? Alpha { get; init; }

    /// <summary>Who judges answers, for graders of the type `judge`. It reads what users asked and were answered, as it is recorded.</summary>
    public JudgeSpec? Judge { get; init; }

    /// <summary>Who turns texts into vectors, for graders of the type `embedding`. It reads what users were answered, as it is recorded.</summary>
    public EmbeddingsSpec? Embeddings { get; init; }

    /// <summary>Whether to begin although there are too few recordings to show what is asked for. It may end without a verdict, and that is no pass.</summary>
    public bool? AllowUnderpowered { get; init; }
}
