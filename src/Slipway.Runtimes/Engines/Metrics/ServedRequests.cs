using System.Collections.Immutable;
using System.Globalization;

namespace Slipway.Runtimes.Engines.Metrics;

/// <summary>What an engine has answered since it began, by its own metrics: how a candidate is judged where no gateway of Slipway's sees its requests.</summary>
/// <param name="Requests">Requests that were answered, well or badly; those that the client was to blame for (4xx) are neither.</param>
/// <param name="Failures">Those that came to nothing (5xx).</param>
/// <param name="InFlight">Requests that it works on or that wait in it.</param>
public sealed record ServedRequests(long Requests, long Failures, int InFlight)
{
    private const string Frontend = "dynamo_frontend_";

    /// <summary>How long first tokens took.</summary>
    public TimedAnswers FirstToken { get; init; } = TimedAnswers.None;

    /// <summary>How long the gaps between tokens took, answer by answer in the mean; older versions count gaps alone, which depend on each other.</summary>
    public TimedAnswers BetweenTokens { get; init; } = TimedAnswers.None;

    /// <summary>How long whole answers took.</summary>
    public TimedAnswers WholeAnswer { get; init; } = TimedAnswers.None;

    /// <summary>Reads the metrics of vLLM, of Dynamo's frontend, or of a node of Ray.</summary>
    /// <param name="text">The answer of its <c>/metrics</c>.</param>
    /// <returns>What it has answered; null when it does not count requests, which other engines do not.</returns>
    public static ServedRequests? Read(string text)
    {
        var samples = PrometheusText.Read(text, static n => n is "http_requests_total" || Of(n) is not null);
        return samples.Select(static s => Of(s.Name)).FirstOrDefault(static read => read is not null)?.Invoke(samples);
    }

    /// <remarks>
    /// `http_requests_total` with the class of the status comes from vLLM's HTTP server (<see href="https://github.com/vllm-project/vllm/pull/15657"/>). Before <see href="https://github.com/vllm-project/vllm/pull/44303"/> some
    /// requests that were wrong counted as failures.
    /// </remarks>
    private static ServedRequests OfVllm(IReadOnlyList<PrometheusSample> samples)
    {
        var asked = samples.Where(static s => s.Name == "http_requests_total" && s.Label("method") is "POST" && s.Label("handler")?.StartsWith("/v1/", StringComparison.Ordinal) == true).ToArray();
        double Of(char status) => asked.Where(s => s.Label("status") is [var first, ..] && first == status).Sum(static s => s.Value);
        var failures = Of('5');
        return new ServedRequests((long)(Of('2') + failures), (long)failures, (int)samples.Where(static s => s.Name is "vllm:num_requests_running" or "vllm:num_requests_waiting").Sum(static s => s.Value))
        {
            FirstToken = Histogram(samples, "vllm:time_to_first_token_seconds"),
            BetweenTokens = Histogram(samples, "vllm:request_time_per_output_token_seconds"),
            WholeAnswer = Histogram(samples, "vllm:e2e_request_latency_seconds"),
        };
    }

    /// <remarks>
    /// `error_type` says whose fault it was: `validation`, `not_found` and `cancelled` are the client's. Older ones have no such label, and every error counts there
    /// (<see href="https://docs.nvidia.com/dynamo/v1.4.0/reference/observability/metrics-catalog"/>). Gaps between tokens are counted one by one, and are left out.
    /// </remarks>
    private static ServedRequests OfDynamo(IReadOnlyList<PrometheusSample> samples)
    {
        var asked = samples.Where(static s => s.Name == $"{Frontend}requests_total").ToArray();
        var failures = asked.Where(static s => s.Label("status") is "error" && s.Label("error_type") is not ("validation" or "not_found" or "cancelled")).Sum(static s => s.Value);
        var well = asked.Where(static s => s.Label("status") is "success").Sum(static s => s.Value);
        return new ServedRequests((long)(well + failures), (long)failures, (int)samples.Where(static s => s.Name == $"{Frontend}inflight_requests").Sum(static s => s.Value))
        {
            FirstToken = Histogram(samples, $"{Frontend}time_to_first_token_seconds"),
            WholeAnswer = Histogram(samples, $"{Frontend}request_duration_seconds"),
        };
    }

    /// <remarks>
    /// `serve_num_http_requests` and `serve_http_request_latency_ms` come from Serve's proxies, by the status of the answer and with the probes under `/-/` among them
    /// (<see href="https://github.com/ray-project/ray/blob/master/python/ray/serve/_private/proxy.py"/>); vLLM's own histograms have their names with an underscore
    /// (<see href="https://github.com/vllm-project/vllm/blob/main/vllm/v1/metrics/ray_wrappers.py"/>). Ray puts `ray_` before each, and from 2.10 on publishes counters twice, the proper one with `_total`
    /// (<see href="https://github.com/ray-project/ray/pull/43795"/>). A node that nobody has asked yet has none of them.
    /// </remarks>
    private static ServedRequests OfRay(IReadOnlyList<PrometheusSample> samples)
    {
        var asked = samples.Where(static s => s.Name == "ray_serve_num_http_requests_total" && OfUsers(s)).ToArray();
        if (asked.Length == 0) asked = [.. samples.Where(static s => s.Name == "ray_serve_num_http_requests" && OfUsers(s))];
        double With(char status) => asked.Where(s => s.Label("status_code") is [var first, ..] && first == status).Sum(static s => s.Value);
        var failures = With('5');
        return new ServedRequests((long)(With('2') + failures), (long)failures, (int)samples.Where(static s => s.Name == "ray_serve_num_ongoing_http_requests").Sum(static s => s.Value))
        {
            FirstToken = Histogram(samples, "ray_vllm_time_to_first_token_seconds"),
            BetweenTokens = Histogram(samples, "ray_vllm_request_time_per_output_token_seconds"),
            WholeAnswer = Histogram([.. samples.Where(static s => OfUsers(s) && s.Label("status_code") is ['2', ..])], "ray_serve_http_request_latency_ms", 1000),
        };

        static bool OfUsers(PrometheusSample sample) => sample.Label("method") is "POST" && sample.Label("route")?.StartsWith("/-/", StringComparison.Ordinal) != true;
    }

    private static Func<IReadOnlyList<PrometheusSample>, ServedRequests>? Of(string name) =>
        name.StartsWith("vllm:", StringComparison.Ordinal) ? OfVllm : name.StartsWith(Frontend, StringComparison.Ordinal) ? OfDynamo : name.StartsWith("ray_", StringComparison.Ordinal) ? OfRay : null;

    private static TimedAnswers Histogram(IReadOnlyList<PrometheusSample> samples, string name, double unitsPerSecond = 1)
    {
        var bucket = $"{name}_bucket";
        var within = new SortedDictionary<double, double>();
        foreach (var sample in samples)
        {
            if (sample.Name != bucket || !double.TryParse(sample.Label("le"), NumberStyles.Float, CultureInfo.InvariantCulture, out var bound)) continue;
            bound /= unitsPerSecond;
            within[bound] = within.GetValueOrDefault(bound) + sample.Value;
        }

        var finite = within.Where(static b => double.IsFinite(b.Key)).ToImmutableArray();
        return new TimedAnswers([.. finite.Select(static b => b.Key)], [.. finite.Select(static b => b.Value)], samples.Where(s => s.Name == $"{name}_count").Sum(static s => s.Value));
    }
}
