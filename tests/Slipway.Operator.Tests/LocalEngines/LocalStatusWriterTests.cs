using Slipway.Api.LocalEngines;
using Slipway.Api.Meta;
using Slipway.Models.Gguf;
using Slipway.Models.Store;
using Slipway.Operator.LocalEngines;
using Slipway.Runtimes.Local.Engines;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Operator.Tests.LocalEngines;

public sealed class LocalStatusWriterTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly EngineResolution s_engine = new EngineResolution.Found(new EngineCommand { Path = "/bin/llama-server", Version = "1", Source = "PATH" });

    [Fact]
    public void A_download_is_told_with_sizes_and_the_time_that_is_left()
    {
        var status = Write(PreparationState.Begun with { Engine = s_engine, Download = new DownloadProgress("m.gguf", 500_000_000, 2_000_000_000, 25_000_000) });
        Assert.Equal("Downloading m.gguf: 500.0 MB of 2.0 GB, 1 min left", status.Message);
        Assert.Equal((500_000_000, 2_000_000_000), (status.Download!.BytesDone, status.Download.BytesTotal));
        Assert.Equal(("ModelReady", ConditionStatus.False, "Downloading"), Condition(status, "ModelReady"));
    }

    [Fact]
    public void A_failure_that_passes_is_being_retried_and_one_that_does_not_names_its_kind()
    {
        Assert.Equal("Retrying", Condition(Write(Failed(ModelErrorKind.HubUnavailable, retryable: true)), "ModelReady").Reason);
        Assert.Equal("GatedOrPrivate", Condition(Write(Failed(ModelErrorKind.GatedOrPrivate, retryable: false)), "ModelReady").Reason);
    }

    [Fact]
    public void A_missing_engine_is_told_before_anything_else()
    {
        var status = Write(new PreparationState(new EngineResolution.Unavailable("no engine: do this"), null, null, null));
        Assert.Equal("no engine: do this", status.Message);
        Assert.Equal("EngineUnavailable", Condition(status, "Ready").Reason);
    }

    [Fact]
    public void Replicas_that_all_answer_make_it_ready()
    {
        var status = Write(Prepared(), [Replica(0, ReplicaState.Ready), Replica(1, ReplicaState.Ready)], replicas: 2);
        Assert.Equal((2, "2 replicas answer"), (status.ReadyReplicas, status.Message));
        Assert.Equal(ConditionStatus.True, Condition(status, "Ready").Status);
    }

    [Fact]
    public void A_replica_in_trouble_says_why()
    {
        var status = Write(Prepared(), [Replica(0, ReplicaState.Backoff) with { Message = "out of memory" }]);
        Assert.Equal("out of memory", status.Message);
        Assert.Equal(ConditionStatus.False, Condition(status, "Ready").Status);
    }

    [Fact]
    public void A_refused_argument_is_told()
    {
        var status = LocalStatusWriter.Write(Engine(1), Prepared(), "--host is refused", null, s_now);
        Assert.Equal(("Accepted", ConditionStatus.False, "ArgumentRefused"), Condition(status, "Accepted"));
        Assert.Equal("--host is refused", status.Message);
    }

    [Fact]
    public void None_wanted_is_stopped_and_not_broken()
    {
        var status = Write(Prepared(), [], replicas: 0);
        Assert.Equal("ScaledToZero", Condition(status, "Ready").Reason);
        Assert.Equal("Stopped on request", status.Message);
    }

    private static LocalEngineStatus Write(PreparationState prepared, ReplicaSnapshot[]? running = null, int replicas = 1)
    {
        var spec = new EngineSpec { Name = "a", Command = ((EngineResolution.Found)s_engine).Command, ModelPath = "m", ServedName = "m", LogDirectory = "logs" };
        return LocalStatusWriter.Write(Engine(replicas), prepared, null, running is null ? null : new EngineSnapshot("a", spec, running), s_now);
    }

    private static (string Type, ConditionStatus Status, string Reason) Condition(LocalEngineStatus status, string type)
    {
        var found = status.Conditions!.Single(c => c.Type == type);
        return (found.Type, found.Status, found.Reason);
    }

    private static PreparationState Failed(ModelErrorKind kind, bool retryable) =>
        PreparationState.Begun with { Engine = s_engine, Model = new ModelResolution.Failed(new ModelError(kind, "why", retryable)) };

    private static PreparationState Prepared() => PreparationState.Begun with
    {
        Engine = s_engine,
        Model = new ModelResolution.Resolved { Path = "/models/m.gguf", Files = ["/models/m.gguf"], Bytes = 1, Origin = ModelOrigin.Local, Summary = Summary() },
    };

    private static GgufSummary Summary() => new() { Version = 3, TensorCount = 1, ParameterCount = 1, TensorBytes = 1 };

    private static ReplicaSnapshot Replica(int index, ReplicaState state) => new(index, 5000 + index, state, 0, 1, null, null);

    private static LocalEngine Engine(int replicas) => new()
    {
        Metadata = new ObjectMeta { Name = "a", Namespace = "default", Generation = 3 },
        Spec = new LocalEngineSpec { Model = new LocalModel { Id = "org/m" }, ServedName = "m", Replicas = replicas },
    };
}
