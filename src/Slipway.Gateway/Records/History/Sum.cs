namespace Slipway.Gateway.Records.History;

/// <summary>Buckets that are being added up.</summary>
internal sealed class Sum
{
    public long Requests, Failures, Gone, TokensIn, TokensOut, Uncounted, BusyTicks;
    public int Peak;
    public LatencySum First = new(), Inter = new(), Duration = new();

    public HistoryPoint At(DateTimeOffset start, TimeSpan length) => new()
    {
        Start = start,
        Length = length,
        Requests = Requests,
        Failures = Failures,
        ClientsGone = Gone,
        TokensIn = TokensIn,
        TokensOut = TokensOut,
        Uncounted = Uncounted,
        Concurrency = (double)BusyTicks / length.Ticks,
        PeakConcurrency = Peak,
        TimeToFirstToken = First.Read(),
        InterToken = Inter.Read(),
        Duration = Duration.Read(),
    };
}

/// <summary>Latencies that are being added up.</summary>
internal sealed class LatencySum
{
    private long[]? _steps;
    private double _seconds;

    public void Add(uint[] steps, double seconds)
    {
        if (seconds == 0 && !steps.AsSpan().ContainsAnyExcept(0u)) return;
        _steps ??= new long[LatencyScale.Steps];
        for (var i = 0; i < steps.Length; i++) _steps[i] += steps[i];
        _seconds += seconds;
    }

    public Latencies Read() => _steps is null ? Latencies.None : new Latencies(_steps, _seconds);
}
