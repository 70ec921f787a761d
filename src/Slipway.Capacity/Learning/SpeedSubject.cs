using Slipway.Models.Hardware;
using Slipway.Models.Memory;
using Slipway.Models.Profiles;
using Slipway.Models.Speed;
using Slipway.Models.Speed.Learning;

namespace Slipway.Capacity.Learning;

/// <summary>What is measured: a model, an engine, devices.</summary>
/// <param name="Model">The model, as its deployment names it.</param>
/// <param name="Quantization">Which of several packings; null for the only one.</param>
/// <param name="Engine">The engine and its settings.</param>
/// <param name="Device">The key of the accelerator, or of whatever else it runs on.</param>
/// <param name="Layout">How a replica is spread.</param>
public sealed record SpeedSubject(string Model, string? Quantization, EngineSettings Engine, string Device, Layout Layout)
{
    // Fewer requests or gaps in a minute than this are chance more than speed.
    private const int LeastRequests = 3, LeastGaps = 30;

    /// <summary>The accelerator; null where estimates know nothing of what it runs on.</summary>
    public Accelerator? Accelerator { get; init; }

    /// <summary>What the model is; null where that is not known.</summary>
    public ModelProfile? Profile { get; init; }

    /// <summary>How keys and values are stored.</summary>
    public KvCacheType Cache { get; init; } = KvCacheType.Bits16;

    /// <summary>Makes an observation of what was counted over a while.</summary>
    /// <param name="seen">What all replicas counted.</param>
    /// <param name="replicas">How many replicas there are.</param>
    /// <param name="over">Over how long.</param>
    /// <param name="now">When that ended.</param>
    /// <returns>The observation; null when too little happened.</returns>
    public SpeedObservation? Observe(EngineCounters seen, int replicas, TimeSpan over, DateTimeOffset now)
    {
        if (seen.Requests < LeastRequests || seen.Gaps < LeastGaps || seen.PromptTokens <= 0 || seen.OutputTokens <= 0 || seen.GapSeconds <= 0) return null;
        // Little's law: what is worked on at once is how many come, times how long each takes.
        var running = Math.Max(1, seen.RequestSeconds / over.TotalSeconds / Math.Max(1, replicas));
        var (prompt, output) = (seen.PromptTokens / seen.Requests, seen.OutputTokens / seen.Requests);
        var estimate = Accelerator is null || Profile is null ? null
            : SpeedModel.Estimate(Profile, Accelerator, Layout, new Traffic((int)Math.Ceiling(prompt), (int)Math.Ceiling(output), (int)Math.Ceiling(running)), Engine, Cache);
        return new SpeedObservation(Model, Engine.Engine, Device)
        {
            Quantization = Quantization,
            Layout = Layout,
            PromptTokens = prompt,
            OutputTokens = output,
            Running = running,
            InterTokenSeconds = seen.GapSeconds / seen.Gaps,
            FirstTokenSeconds = seen.FirstTokens > 0 ? seen.FirstTokenSeconds / seen.FirstTokens : null,
            EstimatedInterTokenSeconds = estimate?.InterTokenSeconds.Middle,
            EstimatedFirstTokenSeconds = estimate?.FirstTokenSeconds.Middle,
            Requests = (long)seen.Requests,
            Last = now,
        };
    }
}
