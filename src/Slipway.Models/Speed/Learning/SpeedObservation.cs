using Slipway.Models.Memory;

namespace Slipway.Models.Speed.Learning;

/// <summary>How fast replicas of a deployment were over a while, as their engines counted it.</summary>
/// <param name="Model">The model's repository or path, as the deployment names it.</param>
/// <param name="Engine">The engine.</param>
/// <param name="Device">The key of the accelerator in the table, or of whatever else they ran on.</param>
public sealed record SpeedObservation(string Model, ServingEngine Engine, string Device)
{
    /// <summary>Which of several packings of the model; null for the only one.</summary>
    public string? Quantization { get; init; }

    /// <summary>How a replica is spread over devices.</summary>
    public Layout Layout { get; init; } = Layout.Single;

    /// <summary>Mean tokens of a prompt.</summary>
    public required double PromptTokens { get; init; }

    /// <summary>Mean tokens of an answer.</summary>
    public required double OutputTokens { get; init; }

    /// <summary>Requests that a replica worked on at once: their summed durations over the time, and at least the one that was asked.</summary>
    public required double Running { get; init; }

    /// <summary>Mean seconds between two tokens of an answer.</summary>
    public required double InterTokenSeconds { get; init; }

    /// <summary>Mean seconds to the first token; null when the engine does not count them.</summary>
    public double? FirstTokenSeconds { get; init; }

    /// <summary>What the calibrated model says of the time between tokens under that load; null when it knows too little of model or device to say anything.</summary>
    public double? EstimatedInterTokenSeconds { get; init; }

    /// <summary>The same of the first token.</summary>
    public double? EstimatedFirstTokenSeconds { get; init; }

    /// <summary>Requests behind it.</summary>
    public required long Requests { get; init; }

    /// <summary>When the last of them was seen.</summary>
    public required DateTimeOffset Last { get; init; }

    /// <summary>What it is an observation of: the same again, under a load of the same order, is the same observation with more behind it.</summary>
    public string Key => FormattableString.Invariant(
        $"{Model}|{Quantization}|{Engine}|{Device}|{Layout.Tensor}x{Layout.Pipeline}|{Order(PromptTokens)}|{Order(OutputTokens)}|{Order(Running)}");

    private static int Order(double value) => (int)Math.Round(Math.Log2(Math.Max(1, value)));
}
