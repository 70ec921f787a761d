using Slipway.Api.Meta;
using Slipway.Api.Rollouts;
using Slipway.Api.Schedules;
using Slipway.Web.Deployments.Quality;

namespace Slipway.Web.Tests.Fakes;

/// <summary>Schedules that a test writes.</summary>
internal sealed class FakeSchedules : ISchedules
{
    public event Action? Changed;

    public List<EvaluationSchedule> Schedules { get; } = [];

    public List<string> Accepted { get; } = [];

    public string? Refusal { get; set; }

    public IReadOnlyList<EvaluationSchedule> All => Schedules;

    public Task<string?> AcceptAsync(EvaluationSchedule schedule, CancellationToken cancellationToken)
    {
        Accepted.Add(schedule.Metadata.Name!);
        return Task.FromResult(Refusal);
    }

    public void Set(EvaluationSchedule schedule)
    {
        Schedules.RemoveAll(s => s.Metadata.Name == schedule.Metadata.Name);
        Schedules.Add(schedule);
        Changed?.Invoke();
    }

    public static EvaluationSchedule Schedule(string deployment, params double[] scores) => new()
    {
        Metadata = new ObjectMeta { Name = deployment, Namespace = "default", Uid = deployment },
        Spec = new EvaluationScheduleSpec { DeploymentRef = new LocalReference { Name = deployment }, SuiteRef = new LocalReference { Name = "support" }, Margin = 0.05, AverageRunLength = 10_000 },
        Status = scores.Length == 0 ? null : new EvaluationScheduleStatus
        {
            Message = "so it went",
            Runs = [.. scores.Select((score, i) => new ScheduledRun { Time = DateTimeOffset.UnixEpoch.AddSeconds(i), Score = score, Prompts = 50, Reference = i == 0 ? null : scores[0], EvidenceShare = i == 0 ? null : Math.Clamp((scores[0] - score) * 5, 0, 1) })],
            Conditions = [new Condition { Type = EvaluationSchedule.Drifted, Status = scores[0] - scores[^1] >= 0.2 ? ConditionStatus.True : ConditionStatus.False, Reason = "Worse", Message = "70.0 % now, 90.0 % before", LastTransitionTime = DateTimeOffset.UnixEpoch }],
        },
    };
}
