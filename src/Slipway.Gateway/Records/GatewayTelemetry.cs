using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Slipway.Gateway.Records;

/// <summary>
/// What the gateway counts, by OpenTelemetry's names for generative models (semantic conventions for GenAI metrics). The only labels with names of users are deployments, which come from the route table and never from
/// requests; beyond a number of them the rest counts as `other`, so that the number of series has a bound.
/// </summary>
public sealed class GatewayTelemetry : IRequestObserver, IDisposable
{
    /// <summary>The name of the meter.</summary>
    public const string Name = "Slipway.Gateway";

    // The conventions' own boundaries.
    private static readonly double[] s_durations = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] s_first = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
    private static readonly double[] s_inter = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
    private static readonly long[] s_tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private readonly Meter _meter = new(Name);
    private readonly BoundedNames _names;
    private readonly Histogram<double> _duration, _first, _inter;
    private readonly Histogram<long> _tokens;
    private readonly UpDownCounter<long> _active;

    /// <summary>Initializes a new instance.</summary>
    /// <param name="mostDeployments">How many deployments are told apart.</param>
    public GatewayTelemetry(int mostDeployments = 100)
    {
        _names = new BoundedNames(mostDeployments);
        _duration = Seconds("gen_ai.server.request.duration", "How long requests took, from when their model was known to the end of their answer.", s_durations);
        _first = Seconds("gen_ai.server.time_to_first_token", "How long the first token of streams took.", s_first);
        _inter = Seconds("gen_ai.server.time_per_output_token", "The mean time of each token after the first, of each stream.", s_inter);
        _tokens = _meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of prompts and answers, as far as known.", advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = s_tokens });
        _active = _meter.CreateUpDownCounter<long>("slipway.gateway.active_requests", "{request}", "Requests in work.");
    }

    /// <inheritdoc/>
    public void Began(string deployment, DateTimeOffset at) => _active.Add(1, new KeyValuePair<string, object?>("slipway.deployment", _names.Of(deployment)));

    /// <inheritdoc/>
    public void Ended(in RequestRecord record)
    {
        var tags = new TagList { { "gen_ai.operation.name", Operation(record.Operation) } };
        if (record.Deployment is { } deployment)
        {
            var name = _names.Of(deployment);
            _active.Add(-1, new KeyValuePair<string, object?>("slipway.deployment", name));
            tags.Add("slipway.deployment", name);
        }

        if (record.TimeToFirstToken is { } first) _first.Record(first.TotalSeconds, tags);
        if (record.InterToken is { } inter) _inter.Record(inter.TotalSeconds, tags);
        Tokens(record.TokensIn, "input", tags);
        Tokens(record.TokensOut, "output", tags);
        if (record.Outcome is not RequestOutcome.Ok) tags.Add("error.type", Error(record.Outcome));
        _duration.Record(record.Duration.TotalSeconds, tags);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Histogram<double> Seconds(string name, string description, double[] boundaries) =>
        _meter.CreateHistogram(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });

    private void Tokens(long? count, string type, TagList tags)
    {
        if (count is not { } known) return;
        tags.Add("gen_ai.token.type", type);
        _tokens.Record(known, tags);
    }

    private static string Operation(RequestOperation operation) => operation switch
    {
        RequestOperation.Completion => "text_completion",
        RequestOperation.Embeddings => "embeddings",
        RequestOperation.Rerank => "rerank",
        _ => "chat",
    };

    private static string Error(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Rejected => "rejected",
        RequestOutcome.Refused => "refused",
        RequestOutcome.ClientGone => "client_gone",
        RequestOutcome.NotReady => "not_ready",
        RequestOutcome.Unreachable => "unreachable",
        RequestOutcome.HandedOn => "handed_on",
        RequestOutcome.EngineError => "engine_error",
        RequestOutcome.Broken => "broken",
        RequestOutcome.Silent => "silent",
        RequestOutcome.Truncated => "truncated",
        _ => "_OTHER",
    };
}
