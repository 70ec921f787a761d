using Slipway.Runtimes.Engines;
using Slipway.Runtimes.Tests.Harness;

namespace Slipway.Runtimes.Tests.Engines;

public sealed class EngineFlagsTests
{
    [Theory]
    [InlineData("vllm", "lora-modules")]
    [InlineData("sglang", "lora-paths")]
    public void Several_adapters_are_values_of_one_flag_since_of_a_repeated_one_the_last_counts(string engine, string flag)
    {
        var spec = """{"model":{"id":"o/m","adapters":[{"name":"a","id":"o/a"},{"name":"b","id":"o/b"}]},"engine":{"type":"ENGINE"}}""".Replace("ENGINE", engine, StringComparison.Ordinal);

        var arguments = EngineFlags.Arguments(Manifest.Of(spec), gpus: 1).ToList();

        Assert.Equal([$"--{flag}", "a=o/a", "b=o/b"], arguments[arguments.IndexOf($"--{flag}")..].Take(3));
        Assert.Single(arguments, $"--{flag}");
    }
}
