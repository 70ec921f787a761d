using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Runtimes.Tests.Local;

public sealed class EngineArgumentsTests
{
    [Fact]
    public void Flags_follow_from_the_spec()
    {
        var spec = LocalEngineHostTests.Spec() with { ContextLength = 2048, Threads = 2 };

        Assert.Equal(
            [
                "--model", "/models/tiny.gguf", "--alias", "tiny-chat", "--host", "127.0.0.1", "--port", "4711",
                "--ctx-size", "2048", "--threads", "2", "--no-webui", "--jinja", "--metrics",
            ],
            new EngineLaunch(spec, 0, 4711).Arguments);
    }

    [Theory]
    [InlineData("ctx-size", "512")]
    [InlineData("--ctx-size", "512")]
    [InlineData("c", "512")]
    [InlineData("-c", "512")]
    public void The_users_value_replaces_the_derived_one(string key, string value)
    {
        var spec = LocalEngineHostTests.Spec() with { ContextLength = 2048, Args = new Dictionary<string, string> { [key] = value } };

        var arguments = new EngineLaunch(spec, 0, 1).Arguments;

        Assert.DoesNotContain("2048", arguments);
        Assert.Equal("512", arguments[^1]);
    }

    [Fact]
    public void Switches_take_no_value_and_a_no_is_written_as_the_engine_writes_it()
    {
        var spec = LocalEngineHostTests.Spec();
        spec = spec with
        {
            Command = spec.Command with { Options = new HashSet<string> { "--embeddings", "--jinja", "--no-jinja", "--mlock", "--metrics", "--no-webui", "--cors-origins" } },
            Args = new Dictionary<string, string> { ["embeddings"] = "true", ["jinja"] = "false", ["mlock"] = "false" },
        };

        var arguments = new EngineLaunch(spec, 0, 1).Arguments;

        Assert.Contains("--embeddings", arguments);
        Assert.Contains("--no-jinja", arguments);
        Assert.DoesNotContain("--jinja", arguments);
        Assert.DoesNotContain("--mlock", arguments);
        Assert.DoesNotContain("true", arguments);
        Assert.Contains("localhost", arguments);
    }

    [Theory]
    [InlineData("--host", "0.0.0.0", "gateway")]
    [InlineData("m", "/etc/passwd", "spec.model")]
    [InlineData("tools", "all", "run programs")]
    [InlineData("--tools=all", "", "run programs")]
    [InlineData("log-file", "/tmp/x", "write files")]
    public void A_reserved_option_is_refused_with_its_reason(string key, string value, string reason)
    {
        var spec = LocalEngineHostTests.Spec() with { Args = new Dictionary<string, string> { [key] = value } };

        Assert.Contains(reason, EngineArguments.Refuse(spec), StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_that_the_engine_does_not_have_is_refused_before_the_start()
    {
        var spec = LocalEngineHostTests.Spec();
        spec = spec with { Command = spec.Command with { Options = new HashSet<string> { "--metrics" } }, ExtraArgs = ["--no-such-thing", "-1"] };

        Assert.Contains("has no argument --no-such-thing", EngineArguments.Refuse(spec), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LLAMA_ARG_PORT")]
    [InlineData("LD_PRELOAD")]
    public void A_variable_cannot_do_what_an_option_may_not(string name)
    {
        var spec = LocalEngineHostTests.Spec() with { Env = new Dictionary<string, string> { [name] = "1" } };

        Assert.Contains(name, EngineArguments.Refuse(spec), StringComparison.Ordinal);
    }
}
