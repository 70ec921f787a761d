using System.Globalization;
using System.Text.Json;
using Slipway.Kubernetes.Objects;

namespace Slipway.Operator.Load;

/// <summary>What engines did for longer than this process remembers, as a Prometheus that scrapes them has it.</summary>
/// <remarks>
/// <see href="https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries"/>. Pods are found by the labels that the Prometheus operator and the usual scrape configurations give, `namespace` and `pod`, and
/// by the name that engines are asked by, `model_name`: a pod's name alone may be that of a deployment whose name begins with this one's.
/// </remarks>
public sealed class PrometheusHistory : IDisposable
{
    private const int MostBytes = 8 << 20;

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>Makes one.</summary>
    /// <param name="address">Prometheus' address, such as <c>http://prometheus.monitoring:9090/</c>.</param>
    /// <param name="time">The clock.</param>
    public PrometheusHistory(Uri address, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        _time = time;
        var root = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = root, Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = MostBytes };
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>What a deployment did, the oldest stretch first; stretches of which nothing is known are left out.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="model">The name that its engines are asked by.</param>
    /// <param name="back">How far back.</param>
    /// <param name="step">How long a stretch is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="IOException">It does not answer, or not as Prometheus does; the message says what it said.</exception>
    public async Task<IReadOnlyList<LoadPoint>> ReadAsync(NamespacedName deployment, string model, TimeSpan back, TimeSpan step, CancellationToken cancellationToken)
    {
        // Whole minutes, so that the same question is the same question; the last stretch ends now.
        var end = _time.GetUtcNow();
        end = new DateTimeOffset(end.UtcTicks - (end.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        // A pod is named after its deployment, its role and what its workload adds.
        var pods = $"namespace={Text(deployment.Namespace)},pod=~{Text(deployment.Name.Replace(".", @"\.", StringComparison.Ordinal) + "-.*")},model_name={Text(model)}";
        var window = string.Create(CultureInfo.InvariantCulture, $"[{step.TotalSeconds:0}s]");
        string Rate(string names) => $$"""sum(rate({__name__=~"{{names}}",{{pods}}}{{window}}))""";
        string Gauge(string of, string names) => $$"""{{of}}(avg_over_time({__name__=~"{{names}}",{{pods}}}{{window}}))""";
        string Peak(string of, string names) => $$"""{{of}}(max_over_time({__name__=~"{{names}}",{{pods}}}{{window}}))""";
        const string Waiting = "vllm:num_requests_waiting|sglang:num_queue_reqs";
        const string Cache = "vllm:kv_cache_usage_perc|vllm:gpu_cache_usage_perc|sglang:token_usage";
        var queries = new[]
        {
            Gauge("sum", "vllm:num_requests_running|sglang:num_running_reqs"),
            Gauge("sum", Waiting),
            Gauge("avg", Cache),
            Rate("(vllm|sglang):e2e_request_latency_seconds_count"),
            Rate("(vllm|sglang):prompt_tokens_total"),
            Rate("(vllm|sglang):generation_tokens_total"),
            $"{Rate("(vllm|sglang):time_to_first_token_seconds_sum")} / {Rate("(vllm|sglang):time_to_first_token_seconds_count")}",
            $"{Rate("(vllm|sglang):inter_token_latency_seconds_sum")} / {Rate("(vllm|sglang):inter_token_latency_seconds_count")}",
            Peak("sum", Waiting),
            Peak("max", Cache),
        };
        var answers = await Task.WhenAll(queries.Select(q => SeriesAsync(q, end - back, end, step, cancellationToken)));
        return [.. answers.SelectMany(static a => a.Keys).Distinct().Order().Select(at =>
        {
            double? Of(int query) => answers[query].TryGetValue(at, out var value) ? value : null;
            return new LoadPoint(DateTimeOffset.FromUnixTimeSeconds(at) - step, step,
                new LoadSample { Running = Of(0), Waiting = Of(1), CacheUse = Of(2), Requests = Of(3), TokensIn = Of(4), TokensOut = Of(5), FirstToken = Of(6), BetweenTokens = Of(7) },
                new LoadSample { Waiting = Of(8), CacheUse = Of(9) });
        })];
    }

    // PromQL's strings have the escapes of Go's.
    private static string Text(string text) => "\"" + text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ") + "\"";

    private async Task<Dictionary<long, double>> SeriesAsync(string query, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"api/v1/query_range?query={Uri.EscapeDataString(query)}&start={start.ToUnixTimeSeconds()}&end={end.ToUnixTimeSeconds()}&step={step.TotalSeconds:0}");
        try
        {
            using var response = await _http.GetAsync(path, cancellationToken);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var root = answer.RootElement;
            if (!response.IsSuccessStatusCode || root.GetProperty("status").GetString() != "success")
                throw new IOException($"Prometheus at {_http.BaseAddress} refused: {(root.TryGetProperty("error", out var error) ? error.GetString() : $"status {(int)response.StatusCode}")}");
            var points = new Dictionary<long, double>();
            foreach (var series in root.GetProperty("data").GetProperty("result").EnumerateArray())
            {
                foreach (var value in series.GetProperty("values").EnumerateArray())
                {
                    // Of nothing divided by nothing there is no mean.
                    if (double.TryParse(value[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)) points[(long)value[0].GetDouble()] = number;
                }
            }

            return points;
        }
        catch (Exception unread) when (unread is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException || (unread is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IOException($"Prometheus at {_http.BaseAddress} does not answer as it should: {(unread is OperationCanceledException ? "it took longer than 20 s" : unread.Message)}", unread);
        }
    }
}
