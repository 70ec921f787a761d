using CsCheck;
using Slipway.Runtimes.Engines.Metrics;

namespace Slipway.Runtimes.Tests.Engines.Metrics;

/// <summary>What engines count, read from their metrics.</summary>
public sealed class EngineMetricsTests
{
    private const string Vllm = """
        # HELP vllm:prompt_tokens_total Number of prefill tokens processed.
        # TYPE vllm:prompt_tokens_total counter
        vllm:prompt_tokens_total{engine="0",model_name="Qwen/Qwen3-8B"} 1000.0
        vllm:prompt_tokens_total{engine="1",model_name="odd \"}\" 7\\"} 500.0
        vllm:generation_tokens_total{engine="0",model_name="Qwen/Qwen3-8B"} 800.0
        vllm:time_to_first_token_seconds_bucket{engine="0",le="0.001",model_name="Qwen/Qwen3-8B"} 0.0
        vllm:time_to_first_token_seconds_count{engine="0",model_name="Qwen/Qwen3-8B"} 10.0
        vllm:time_to_first_token_seconds_sum{engine="0",model_name="Qwen/Qwen3-8B"} 2.5
        vllm:inter_token_latency_seconds_count{engine="0",model_name="Qwen/Qwen3-8B"} 790.0
        vllm:inter_token_latency_seconds_sum{engine="0",model_name="Qwen/Qwen3-8B"} 1.58e1 1700000000000
        vllm:e2e_request_latency_seconds_count{engine="0",model_name="Qwen/Qwen3-8B"} 10.0
        vllm:e2e_request_latency_seconds_sum{engine="0",model_name="Qwen/Qwen3-8B"} 18.3
        vllm:num_requests_running{engine="0",model_name="Qwen/Qwen3-8B"} NaN
        process_cpu_seconds_total 12
        """;

    [Fact]
    public void A_vllm_of_today_is_read_over_all_its_engines()
    {
        var read = EngineMetrics.Read(Vllm)!.Value;
        Assert.Equal((10, 18.3, 1500, 800), (read.Requests, read.RequestSeconds, read.PromptTokens, read.OutputTokens));
        Assert.Equal((10, 2.5, 790, 15.8), (read.FirstTokens, read.FirstTokenSeconds, read.Gaps, read.GapSeconds));
    }

    [Fact]
    public void An_older_one_and_sglang_are_read_by_their_names()
    {
        Assert.Equal(790, EngineMetrics.Read(Vllm.Replace("inter_token_latency", "time_per_output_token", StringComparison.Ordinal))!.Value.Gaps);
        Assert.Equal(800, EngineMetrics.Read(Vllm.Replace("vllm:", "sglang:", StringComparison.Ordinal))!.Value.OutputTokens);
    }

    [Theory]
    [InlineData("")]
    [InlineData("llamacpp:tokens_predicted_total 5\n")]
    [InlineData("vllm:prompt_tokens_total{ 5\nvllm:prompt_tokens_total\nvllm:prompt_tokens_total{a=\"} 5\n{} 3\n")]
    public void What_says_too_little_is_nothing(string text) => Assert.Null(EngineMetrics.Read(text));

    [Fact]
    public void Whatever_is_answered_is_read_without_a_fault() =>
        Gen.Select(Gen.Int[0, Vllm.Length - 1], Gen.Char, Gen.Int[0, 40]).Sample((at, c, cut) =>
        {
            var text = Vllm[..at] + c + Vllm[Math.Min(Vllm.Length, at + cut)..];
            _ = EngineMetrics.Read(text);
        });

    [Fact]
    public void Any_labels_and_values_are_summed() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 8], Gen.String[0, 12], Gen.Double[-1e6, 1e6]).Array[1, 20].Sample(samples =>
        {
            var text = string.Join('\n', samples.Select(static s => FormattableString.Invariant($"m{{{s.Item1}=\"{Escape(s.Item2)}\"}} {s.Item3:R}")));
            Assert.Equal(samples.Sum(static s => s.Item3), PrometheusText.Sum(text, static _ => true)["m"], 1e-3);
        });

    // As the format demands: backslash, quote and line feed; other line ends do not occur in what engines write.
    private static string Escape(string label) => new string([.. label.Where(static c => !char.IsControl(c) && c is not ('\u0085' or '\u2028' or '\u2029'))])
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
