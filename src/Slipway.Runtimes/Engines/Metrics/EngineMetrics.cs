using Slipway.Models.Speed.Learning;

namespace Slipway.Runtimes.Engines.Metrics;

/// <summary>Reads what an engine has counted from its metrics.</summary>
/// <remarks>
/// vLLM: <see href="https://docs.vllm.ai/en/latest/usage/metrics/"/>; SGLang: <see href="https://docs.sglang.io/references/production_metrics.html"/>, whose names are alike. TensorRT-LLM counts no tokens
/// of prompts, and llama.cpp no requests, so that neither says under which load it was as fast as it says.
/// </remarks>
public static class EngineMetrics
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The answer of the engine's <c>/metrics</c>.</param>
    /// <returns>What it has counted; null when it is no engine's that says enough.</returns>
    public static EngineCounters? Read(string text)
    {
        var sums = PrometheusText.Sum(text, static n => n.StartsWith("vllm:", StringComparison.Ordinal) || n.StartsWith("sglang:", StringComparison.Ordinal));
        return Of(sums, "vllm:") ?? Of(sums, "sglang:");
    }

    private static EngineCounters? Of(IReadOnlyDictionary<string, double> sums, string engine)
    {
        // Older versions name the gap after the token.
        var gap = sums.ContainsKey($"{engine}inter_token_latency_seconds_count") ? "inter_token_latency_seconds" : "time_per_output_token_seconds";
        double Get(string name) => sums.GetValueOrDefault(engine + name);
        return sums.ContainsKey($"{engine}{gap}_count") && sums.ContainsKey($"{engine}e2e_request_latency_seconds_count") && sums.ContainsKey($"{engine}prompt_tokens_total")
            ? new EngineCounters
            {
                Requests = Get("e2e_request_latency_seconds_count"),
                RequestSeconds = Get("e2e_request_latency_seconds_sum"),
                PromptTokens = Get("prompt_tokens_total"),
                OutputTokens = Get("generation_tokens_total"),
                FirstTokens = Get("time_to_first_token_seconds_count"),
                FirstTokenSeconds = Get("time_to_first_token_seconds_sum"),
                Gaps = Get($"{gap}_count"),
                GapSeconds = Get($"{gap}_sum"),
            }
            : null;
    }
}
