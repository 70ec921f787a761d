using Slipway.Web.Deployments.Traffic;

namespace Slipway.Web.Tests.Fakes;

/// <summary>A history that a test writes; null for a deployment that is not there.</summary>
internal sealed class FakeTraffic : ITrafficHistory
{
    public List<TrafficStretch>? Stretches { get; set; } = [];

    public (TimeSpan Back, TimeSpan Step) Asked { get; private set; }

    public IReadOnlyList<TrafficStretch>? Read(string space, string name, TimeSpan back, TimeSpan step)
    {
        Asked = (back, step);
        return Stretches is null ? null : [.. Stretches];
    }

    public List<LoadStretch> Loads { get; } = [];

    public bool RemembersMore { get; set; }

    public Func<TimeSpan, IReadOnlyList<LoadStretch>> Longer { get; set; } = static _ => [];

    public Task<IReadOnlyList<LoadStretch>> LongerAsync(string space, string name, TimeSpan back, TimeSpan step, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(Longer(back));
        }
        catch (IOException silent)
        {
            return Task.FromException<IReadOnlyList<LoadStretch>>(silent);
        }
    }

    public IReadOnlyList<LoadStretch> Load(string space, string name, TimeSpan back, TimeSpan step) => [.. Loads];

    public static TrafficStretch Minute(DateTimeOffset start, long requests = 0, long failures = 0, double? first = null) => new()
    {
        Start = start,
        Seconds = 60,
        Requests = requests,
        Failures = failures,
        TokensOut = requests * 120,
        Concurrency = requests / 60d,
        PeakConcurrency = requests > 0 ? 1 : 0,
        TimeToFirstToken = first is null ? TrafficLatency.None : new TrafficLatency(requests, first, first * 2),
    };
}
