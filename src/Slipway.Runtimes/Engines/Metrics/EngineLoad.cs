namespace Slipway.Runtimes.Engines.Metrics;

/// <summary>How busy an engine is, by its own metrics.</summary>
/// <param name="Running">Requests that it works on.</param>
/// <param name="Waiting">Requests that it has and does not work on yet.</param>
/// <param name="CacheUse">The share of its key-value cache that is in use, 0 to 1; null where it does not say.</param>
/// <remarks>
/// vLLM: <see href="https://docs.vllm.ai/en/latest/usage/metrics/"/> (`kv_cache_usage_perc`, `gpu_cache_usage_perc` before 0.10; both are shares of 1 in spite of the name). SGLang:
/// <see href="https://docs.sglang.io/references/production_metrics.html"/>. llama.cpp: tools/server/README.md; `kv_cache_usage_ratio` is gone from newer ones.
/// </remarks>
public sealed record EngineLoad(double Running, double Waiting, double? CacheUse)
{
    private static readonly (string Running, string Waiting, string[] Cache)[] s_engines =
    [
        ("vllm:num_requests_running", "vllm:num_requests_waiting", ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"]),
        ("sglang:num_running_reqs", "sglang:num_queue_reqs", ["sglang:token_usage"]),
        ("llamacpp:requests_processing", "llamacpp:requests_deferred", ["llamacpp:kv_cache_usage_ratio"]),
    ];

    /// <summary>Reads it.</summary>
    /// <param name="text">The answer of the engine's <c>/metrics</c>.</param>
    /// <returns>How busy it is; null when it is no engine's that says so.</returns>
    public static EngineLoad? Read(string text)
    {
        var samples = PrometheusText.Read(text, static n => s_engines.Any(e => n == e.Running || n == e.Waiting || e.Cache.Contains(n)));
        foreach (var engine in s_engines)
        {
            var running = samples.Where(s => s.Name == engine.Running).ToList();
            if (running.Count == 0) continue;
            // Of several data-parallel engines in one process, each has a cache of its own.
            var caches = engine.Cache.Select(c => samples.Where(s => s.Name == c).ToList()).FirstOrDefault(static c => c.Count > 0);
            return new EngineLoad(running.Sum(static s => s.Value), samples.Where(s => s.Name == engine.Waiting).Sum(static s => s.Value), caches is null ? null : Math.Clamp(caches.Average(static s => s.Value), 0, 1));
        }

        return null;
    }
}
