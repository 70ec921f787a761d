using CsCheck;
using Slipway.Runtimes.Local.Hosting;

namespace Slipway.Runtimes.Tests.Local;

public sealed class ReplicaMachineTests
{
    private static readonly LocalEngineHostOptions s_options = new() { DataDirectory = "/nowhere" };
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Failures_are_forgotten_after_a_while_of_being_ready()
    {
        var status = new ReplicaStatus { State = ReplicaState.Ready, Failures = 5, ReadySince = s_start, Pid = 1 };

        var soon = Step(status, new ReplicaEvent.Exited("Crashed", ""), s_start.AddSeconds(59));
        var late = Step(status, new ReplicaEvent.Exited("Crashed", ""), s_start.AddSeconds(60));

        Assert.Equal((6, 32), (soon.Failures, (soon.RetryAt - s_start.AddSeconds(59)).TotalSeconds));
        Assert.Equal((1, 1), (late.Failures, (late.RetryAt - s_start.AddSeconds(60)).TotalSeconds));
    }

    [Fact]
    public void Each_failure_waits_twice_as_long_up_to_a_minute()
    {
        var waits = new List<double>();
        var status = new ReplicaStatus { State = ReplicaState.Starting, Pid = 1 };
        for (var i = 0; i < 8; i++)
        {
            status = Step(status, new ReplicaEvent.Exited(ReplicaReasons.Crashed, ""), s_start);
            waits.Add((status.RetryAt - s_start).TotalSeconds);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], waits);
    }

    [Fact]
    public void Ports_that_stay_taken_end_in_the_ordinary_wait()
    {
        var status = new ReplicaStatus { State = ReplicaState.Starting, Pid = 1 };
        for (var i = 0; i < s_options.MaxPortRetries; i++)
        {
            status = Step(status, new ReplicaEvent.Exited(ReplicaReasons.PortInUse, ""), s_start);
            Assert.Equal((s_start, 0), (status.RetryAt, status.Failures));
        }

        status = Step(status, new ReplicaEvent.Exited(ReplicaReasons.PortInUse, ""), s_start);
        Assert.Equal((s_start.AddSeconds(1), 1), (status.RetryAt, status.Failures));
    }

    [Fact]
    public void The_reason_of_the_supervisor_survives_the_exit_that_it_causes()
    {
        var status = new ReplicaStatus { State = ReplicaState.Ready, Ending = true, Reason = ReplicaReasons.Unresponsive, Message = "hung", Pid = 1 };

        var after = Step(status, new ReplicaEvent.Exited(ReplicaReasons.Killed, "terminated"), s_start);

        Assert.Equal((ReplicaReasons.Unresponsive, "hung", false), (after.Reason, after.Message, after.Ending));
    }

    [Fact]
    public void The_last_reason_is_shown_until_the_replica_is_ready_again()
    {
        var failed = Step(new ReplicaStatus { State = ReplicaState.Ready }, new ReplicaEvent.Exited(ReplicaReasons.OutOfMemory, "no room"), s_start);
        var starting = Step(failed, new ReplicaEvent.Started(2, 99), s_start);
        var ready = Step(starting, new ReplicaEvent.Probed(EngineHealth.Ok), s_start);

        Assert.Equal(ReplicaReasons.OutOfMemory, starting.Reason);
        Assert.Null(ready.Reason);
    }

    [Fact]
    public void Whatever_happens_a_replica_is_ready_only_with_a_process_and_waits_at_most_the_longest_wait()
    {
        ReplicaEvent[] all =
        [
            new ReplicaEvent.Started(7, 4711), new ReplicaEvent.Probed(EngineHealth.Ok), new ReplicaEvent.Probed(EngineHealth.Loading),
            new ReplicaEvent.Probed(EngineHealth.Silent), new ReplicaEvent.StartFailed("x"),
            new ReplicaEvent.Exited(ReplicaReasons.Crashed, "x"), new ReplicaEvent.Exited(ReplicaReasons.PortInUse, "x"),
        ];

        Gen.Select(Gen.Int[0, all.Length - 1], Gen.Int[0, 100]).Array[0, 60].Sample(steps =>
        {
            var now = s_start;
            var status = new ReplicaStatus { State = ReplicaState.Starting };
            foreach (var (kind, seconds) in steps)
            {
                var happened = all[kind];
                now = now.AddSeconds(seconds);
                // What a supervisor never sees: an answer from a process that it has not started.
                if (happened is ReplicaEvent.Probed or ReplicaEvent.Exited && status.Pid is null) continue;
                if (happened is ReplicaEvent.Started or ReplicaEvent.StartFailed && status.Pid is not null) continue;
                status = Step(status, happened, now);
                Assert.True(status.State != ReplicaState.Ready || status.Pid is not null);
                Assert.True(status.State != ReplicaState.Backoff || (status.Pid is null && status.Reason is not null));
                Assert.True(status.RetryAt - now <= s_options.MaxBackoff);
            }
        });
    }

    private static ReplicaStatus Step(ReplicaStatus status, ReplicaEvent happened, DateTimeOffset now) =>
        ReplicaMachine.Step(status, happened, now, s_options, TimeSpan.FromSeconds(60)).Status;
}
