using System.Text.Json;
using Slipway.Api.Meta;
using Slipway.Api.ModelDeployments;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Evaluation.Chat;
using Slipway.Evaluation.Running;
using Slipway.Operator.Drift;
using Slipway.Operator.Rollouts;
using Suite = Slipway.Evaluation.Suites.EvaluationSuite;

namespace Slipway.Operator.Tests.Drift;

public sealed class DriftPlannerTests
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ModelDeployment _deployment = new()
    {
        Metadata = new ObjectMeta { Name = "m", Namespace = "default" },
        Spec = new ModelDeploymentSpec { Model = new ModelSpec { Id = "org/m" } },
        Status = new ModelDeploymentStatus { Phase = DeploymentPhase.Running },
    };

    private EvaluationSchedule _schedule = new()
    {
        Metadata = new ObjectMeta { Name = "s", Namespace = "default", Uid = "u", Generation = 1 },
        Spec = new EvaluationScheduleSpec { DeploymentRef = new LocalReference { Name = "m" }, SuiteRef = new LocalReference { Name = "s" }, EverySeconds = 600, Sample = 40, AverageRunLength = 1_000 },
    };

    private Suite _suite = Suite("?");
    private DateTimeOffset _now = s_start;

    [Fact]
    public void The_first_run_asks_everything_and_later_ones_are_held_to_it()
    {
        Assert.Equal(200, Plan().Ask!.Value.Length);
        Ran(static i => i % 10 == 0 ? 0 : 1);
        Assert.Equal((0.9, 0.9, false), (_schedule.Status!.Reference!.Score, _schedule.Status.LastScore, Drifted()));
        Assert.Contains("later runs are held to that", _schedule.Status.Message, StringComparison.Ordinal);

        var plan = Plan();
        Assert.Equal((null, TimeSpan.FromMinutes(10), s_start.AddMinutes(10)), (plan.Ask, plan.After, plan.Status.NextRun));
        _now += TimeSpan.FromMinutes(10);
        var first = Plan().Ask!.Value;
        Assert.Equal(40, first.Length);
        Ran(static i => i % 10 == 0 ? 0 : 1);
        Assert.Equal(_schedule.Status!.Runs![^1].Reference, _schedule.Status.Runs[^1].Score);
        Assert.False(Drifted());
        _now += TimeSpan.FromMinutes(10);
        Assert.NotEqual(first.Select(static p => p.Id), Plan().Ask!.Value.Select(static p => p.Id));
    }

    [Fact]
    public void A_fall_raises_the_alarm_which_stays_until_it_is_accepted()
    {
        Ran(static _ => 1);
        _now += TimeSpan.FromMinutes(10);
        Ran(static i => i % 2 == 0 ? 0 : 1);
        Assert.True(Drifted());
        var said = _schedule.Status!.Conditions!.Single(static c => c.Type == EvaluationSchedule.Drifted);
        Assert.Matches(@"^\d\d\.\d % now, 100\.0 % of the same prompts before: shown to have fallen by more than 5 points$", said.Message);
        _now += TimeSpan.FromMinutes(10);
        Ran(static _ => 1);
        Assert.True(Drifted());

        _schedule = _schedule with { Spec = _schedule.Spec with { Accepted = 1 } };
        Assert.Equal(200, Plan().Ask!.Value.Length);
        Ran(static i => i % 2 == 0 ? 0 : 1);
        Assert.False(Drifted());
        Assert.Equal((1, 0), (_schedule.Status!.Reference!.Accepted, _schedule.Status.EvidenceShare));
        _now += TimeSpan.FromMinutes(10);
        Ran(static i => i % 2 == 0 ? 0 : 1);
        Assert.False(Drifted());
    }

    [Fact]
    public void Infrastructure_that_fails_is_no_fall_and_the_run_does_not_count()
    {
        Ran(static _ => 1);
        _now += TimeSpan.FromMinutes(10);
        var before = _schedule.Status!.Evidence;
        Ran(static i => i % 10 == 0 ? null : 0);
        Assert.Equal((before, false, 1.0), (_schedule.Status!.Evidence, Drifted(), _schedule.Status.LastScore));
        Assert.Contains("prompts have no answer, since infrastructure failed", _schedule.Status.Runs![^1].Void, StringComparison.Ordinal);
        Assert.StartsWith("The last run does not count", _schedule.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_suite_makes_another_reference()
    {
        Ran(static _ => 1);
        _suite = Suite("another?");
        Assert.Equal(200, Plan().Ask!.Value.Length);
    }

    [Fact]
    public void Nothing_is_asked_of_what_does_not_answer_or_is_suspended()
    {
        Assert.Contains("does not answer now", DriftPlanner.Plan(_schedule, _deployment with { Status = null }, _suite, null, _now).Status.Message, StringComparison.Ordinal);
        Assert.Equal("There is no ModelDeployment m", DriftPlanner.Plan(_schedule, null, _suite, null, _now).Status.Message);
        Assert.Equal("no suite", DriftPlanner.Plan(_schedule, _deployment, null, "no suite", _now).Status.Message);
        _schedule = _schedule with { Spec = _schedule.Spec with { Suspend = true } };
        Assert.Equal((null, null), (Plan().Ask, Plan().After));
    }

    [Fact]
    public void The_status_stays_small_however_long_it_runs()
    {
        for (var i = 0; i < 250; i++)
        {
            Ran(static _ => 1);
            _now += TimeSpan.FromMinutes(10);
        }

        Assert.Equal(200, _schedule.Status!.Runs!.Count);
        Assert.InRange(JsonSerializer.SerializeToUtf8Bytes(_schedule.Status, Slipway.Api.SlipwayJson.Default.EvaluationScheduleStatus).Length, 1, 64_000);
    }

    private DriftPlan Plan() => DriftPlanner.Plan(_schedule, _deployment, _suite, null, _now);

    private bool Drifted() => _schedule.Status!.Conditions!.Single(static c => c.Type == EvaluationSchedule.Drifted).Status is ConditionStatus.True;

    private void Ran(Func<int, double?> score)
    {
        PromptResult Result(string id) => new(id, score(int.Parse(id, System.Globalization.CultureInfo.InvariantCulture)), "", new Answer(), [], _now);
        var plan = Plan();
        _schedule = _schedule with { Status = DriftPlanner.After(_schedule with { Status = plan.Status }, _suite, [.. plan.Ask!.Value.Select(p => Result(p.Id))], 1, _now, _now) };
    }

    private static Suite Suite(string prompt) => GateSetup.Usable(
        "s",
        new EvaluationSuite
        {
            Metadata = new ObjectMeta { Name = "s" },
            Spec = new EvaluationSuiteSpec
            {
                Graders = [new EvaluationGrader { Type = "exact" }],
                Prompts = [.. Enumerable.Range(0, 200).Select(i => new EvaluationPrompt { Id = $"{i}", Prompt = prompt, Expected = ["!"] })],
            },
        },
        "The schedule").Suite!;
}
