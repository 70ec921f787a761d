namespace Slipway.Gateway.Records.History;

/// <summary>Counts of a stretch of time, used again when its place in the ring comes round.</summary>
internal sealed class Bucket
{
    private readonly uint[] _first = new uint[LatencyScale.Steps], _inter = new uint[LatencyScale.Steps], _duration = new uint[LatencyScale.Steps];
    private long _requests, _failures, _gone, _tokensIn, _tokensOut, _uncounted, _busyTicks;
    private double _firstSeconds, _interSeconds, _durationSeconds;
    private int _peak;

    /// <summary>Which stretch, counted from the beginning of time.</summary>
    public long Index { get; private set; } = -1;

    public void Reset(long index)
    {
        Index = index;
        (_requests, _failures, _gone, _tokensIn, _tokensOut, _uncounted, _busyTicks, _peak) = (0, 0, 0, 0, 0, 0, 0, 0);
        (_firstSeconds, _interSeconds, _durationSeconds) = (0, 0, 0);
        Array.Clear(_first);
        Array.Clear(_inter);
        Array.Clear(_duration);
    }

    /// <summary>So many were in work for so long.</summary>
    public void Busy(int inFlight, long ticks)
    {
        _busyTicks += inFlight * ticks;
        _peak = Math.Max(_peak, inFlight);
    }

    public void Add(in RequestRecord record)
    {
        _requests++;
        if (record.Outcome.IsFailure()) _failures++;
        else if (record.Outcome is RequestOutcome.ClientGone) _gone++;
        _tokensIn += record.TokensIn ?? 0;
        _tokensOut += record.TokensOut ?? 0;
        if (record is { Outcome: RequestOutcome.Ok, TokensOut: null, Operation: not (RequestOperation.Embeddings or RequestOperation.Rerank) }) _uncounted++;
        if (record.TimeToFirstToken is { } first) Count(_first, ref _firstSeconds, first);
        if (record.InterToken is { } inter) Count(_inter, ref _interSeconds, inter);
        if (record.Outcome is RequestOutcome.Ok) Count(_duration, ref _durationSeconds, record.Duration);
    }

    public void AddTo(Sum sum)
    {
        sum.Requests += _requests;
        sum.Failures += _failures;
        sum.Gone += _gone;
        sum.TokensIn += _tokensIn;
        sum.TokensOut += _tokensOut;
        sum.Uncounted += _uncounted;
        sum.BusyTicks += _busyTicks;
        sum.Peak = Math.Max(sum.Peak, _peak);
        sum.First.Add(_first, _firstSeconds);
        sum.Inter.Add(_inter, _interSeconds);
        sum.Duration.Add(_duration, _durationSeconds);
    }

    private static void Count(uint[] steps, ref double seconds, TimeSpan latency)
    {
        steps[LatencyScale.StepOf(latency)]++;
        seconds += latency.TotalSeconds;
    }
}
