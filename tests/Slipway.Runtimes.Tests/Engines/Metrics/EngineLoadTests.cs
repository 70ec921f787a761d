using Slipway.Runtimes.Engines.Metrics;

namespace Slipway.Runtimes.Tests.Engines.Metrics;

public sealed class EngineLoadTests
{
    [Theory]
    [InlineData("vllm:num_requests_running{model=\"a\"} 3\nvllm:num_requests_waiting{model=\"a\"} 7\nvllm:kv_cache_usage_perc{model=\"a\"} 0.25\n", 3, 7, 0.25)]
    // Older, and two data-parallel engines in one process.
    [InlineData("vllm:num_requests_running{engine=\"0\"} 3\nvllm:num_requests_running{engine=\"1\"} 1\nvllm:num_requests_waiting{engine=\"0\"} 2\nvllm:gpu_cache_usage_perc{engine=\"0\"} 0.5\nvllm:gpu_cache_usage_perc{engine=\"1\"} 0.1\n", 4, 2, 0.3)]
    [InlineData("sglang:num_running_reqs 2\nsglang:num_queue_reqs 5\nsglang:token_usage 0.75\n", 2, 5, 0.75)]
    [InlineData("# HELP x\nllamacpp:requests_processing 1\nllamacpp:requests_deferred 4\n", 1, 4, null)]
    public void Engines_say_it_in_words_of_their_own(string text, double running, double waiting, double? cache)
    {
        var load = EngineLoad.Read(text)!;
        Assert.Equal((running, waiting), (load.Running, load.Waiting));
        Assert.Equal(cache, load.CacheUse is { } use ? Math.Round(use, 6) : null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("python_gc_objects_collected_total 3\n")]
    [InlineData("vllm:num_requests_waiting NaN\n")]
    public void What_is_no_engine_says_nothing(string text) => Assert.Null(EngineLoad.Read(text));
}
