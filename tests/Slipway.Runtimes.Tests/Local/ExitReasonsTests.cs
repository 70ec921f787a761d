using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Runtimes.Tests.Local;

public sealed class ExitReasonsTests
{
    [Theory]
    [InlineData(1, "main: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 8080", ReplicaReasons.PortInUse)]
    [InlineData(1, "llama_model_load: error loading model: unknown model architecture: 'nope'", ReplicaReasons.ModelUnsupported)]
    [InlineData(1, "tensor 'x' data is not within the file bounds, model is corrupted or incomplete", ReplicaReasons.ModelUnreadable)]
    [InlineData(1, "error: invalid argument: --nope", ReplicaReasons.BadArgument)]
    [InlineData(1, "ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 99", ReplicaReasons.OutOfMemory)]
    [InlineData(137, "srv update_slots: all slots are idle", ReplicaReasons.Killed)]
    [InlineData(139, "srv update_slots: all slots are idle", ReplicaReasons.Crashed)]
    [InlineData(3, "", ReplicaReasons.Crashed)]
    public void The_log_tells_the_reason(int code, string line, string reason)
    {
        var told = ExitReasons.Of(new EngineExit(code, line.Length == 0 ? [] : [line]));

        Assert.Equal(reason, told.Reason);
        Assert.Contains(line, told.Message, StringComparison.Ordinal);
    }
}
